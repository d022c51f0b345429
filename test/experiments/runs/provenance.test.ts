/** What a run keeps of the repository that its spec lies in. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { runExperiment } from "../../../src/experiments/index.js";
import { RESTART } from "../support/restart-spec.js";
import { newFolder, resumeIn } from "../support/runs.js";

const spec = {
  ...RESTART,
  training: { ...RESTART.training, epochs: 1 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
};
const git = (folder: string, ...args: string[]): string =>
  execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
    encoding: "utf8",
  }).trim();

let repository: string;
beforeAll(() => {
  repository = dirname(newFolder());
  mkdirSync(repository, { recursive: true });
  git(repository, "init", "--quiet");
  writeFileSync(join(repository, "token.txt"), "none\n");
  writeFileSync(join(repository, "spec.json"), JSON.stringify({ ...spec, objective: { type: "elbo", beta: 1 } }));
  git(repository, "add", ".");
  git(repository, "commit", "--quiet", "-m", "first");
  writeFileSync(join(repository, "token.txt"), "SECRET\n");
});

const run = async (diff: boolean): Promise<string> => {
  const out = newFolder();
  await runExperiment({ spec: join(repository, "spec.json"), out, diff, threads: 1 });
  return out;
};
const provenanceIn = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "provenance.json"), "utf8")) as {
    git: { commit: string; patch: string | null };
  };

test("the commit is kept, and nothing of what is changed", async () => {
  const out = await run(false);
  expect(provenanceIn(out).git).toEqual({ commit: git(repository, "rev-parse", "HEAD"), patch: null });
  for (const file of ["provenance.json", "report.html"])
    expect(readFileSync(join(out, file), "utf8")).not.toContain("SECRET");
});
test("what is changed is kept where it is asked for, and by a run that is resumed", async () => {
  const out = await run(true);
  expect(provenanceIn(out).git.patch).toMatch(/^-none\n\+SECRET$/m);
  await resumeIn(out, { epochs: 2 });
  expect(provenanceIn(out).git.patch).toMatch(/^-none\n\+SECRET$/m);
});
