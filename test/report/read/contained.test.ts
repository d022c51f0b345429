/** A received folder that leads out of itself: nothing from elsewhere gets into its report. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compareFolders, writeReport } from "../../../src/report/index.js";
import { errorOf } from "../../support/error-of.js";
import { writeRunFolder, writeSweepFolder } from "../support/folders.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-contained-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SECRET = "the secret of another run";
/** A sweep beside a run that is not one of its business. */
const received = (): { folder: string; secret: string } => {
  const above = mkdtempSync(join(root, "r-"));
  const [folder, secret] = [join(above, "sweep"), join(above, "secret")];
  writeSweepFolder(folder, { settings: [{ "objective.beta": 1 }], seeds: [1, 2] });
  writeRunFolder(secret, { state: "failed", reason: SECRET });
  return { folder, secret };
};
const edit = (path: string, change: (text: string) => string): void =>
  writeFileSync(path, change(readFileSync(path, "utf8")));
const pageOf = async (folder: string): Promise<string> => readFileSync(await writeReport(folder), "utf8");

describe("the report of a received sweep", () => {
  it("would show what a run says of itself, were it inside", async () => {
    const { folder } = received();
    writeRunFolder(join(folder, "trials", "t0s1", "attempt-2"), { state: "failed", reason: SECRET });
    edit(join(folder, "metrics.json"), (text) => text.replace("t0s1/attempt-1", "t0s1/attempt-2"));
    expect(await pageOf(folder)).toContain(SECRET);
  });
  it.each([
    [
      "a point's folder",
      (own: string, to: string) => edit(join(own, "metrics.json"), (text) => text.replace("trials/t0s1/attempt-1", to)),
      "../secret",
    ],
    [
      "an absolute one",
      (own: string) =>
        edit(join(own, "metrics.json"), (text) => text.replace("trials/t0s1/attempt-1", join(own, "..", "secret"))),
      "",
    ],
    [
      "an id of the plan",
      (own: string, to: string) => {
        edit(join(own, "plan.jsonl"), (text) => text.replace('"t0s1"', `"${to}"`));
        mkdirSync(join(own, "..", "secret-attempts"));
        renameSync(join(own, "..", "secret"), join(own, "..", "secret-attempts", "attempt-1"));
      },
      "../../secret-attempts",
    ],
    [
      "a link in the place of an attempt",
      (own: string) => {
        rmSync(join(own, "trials", "t0s1", "attempt-1"), { recursive: true });
        symlinkSync(join(own, "..", "secret"), join(own, "trials", "t0s1", "attempt-1"));
      },
      "",
    ],
    [
      "a link in the place of a file",
      (own: string) => {
        const status = join(own, "trials", "t0s1", "attempt-1", "status.json");
        rmSync(status);
        symlinkSync(join(own, "..", "secret", "status.json"), status);
      },
      "",
    ],
  ])("does not follow %s out of the folder, and says so", async (_, lead, to) => {
    const { folder } = received();
    lead(folder, to);
    const page = await pageOf(folder);
    expect(page).not.toContain(SECRET);
    expect(page).toContain("leads outside this folder");
  });
});

it("a comparison does not follow a point's folder out of the sweep", () => {
  const { folder } = received();
  writeRunFolder(join(folder, "..", "other"));
  edit(join(folder, "metrics.json"), (text) => text.replace("trials/t0s1/attempt-1", "../other"));
  expect(errorOf(() => compareFolders([folder, received().folder]))).toMatchObject({
    code: "RUN_FOLDER",
    problems: [{ where: folder, message: '"../other" leads outside this folder: it contains ".."' }],
  });
});
