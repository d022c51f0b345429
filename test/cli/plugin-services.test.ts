/** A plugin outside the package replaces services: in the process of the command, and in the processes of its trials. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { root } from "../structure/rooms.js";
import { buildOnce, folderOf, vaelabProcess } from "./command.js";

beforeAll(buildOnce);

const SPEC = {
  name: "noted",
  plugins: ["./services.mjs"],
  data: { type: "gaussian", eigenvalues: [4, 2, 1], train: 128, validation: 64, test: 64 },
  model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
  training: { epochs: 2, batchSize: 64 },
  evaluation: { metrics: ["elbo", "frechet-distance"], refit: { epochs: 0 } },
  sweep: { seeds: [1, 2] },
};
const { plugins: _, sweep, ...plain } = SPEC;

interface Note {
  service: string;
  what: string;
  pid: number;
}

test("a sweep uses the plugin's services: some in each process, the others in the one that started it", {
  timeout: 180_000,
}, async () => {
  const cwd = folderOf({ "a.json": SPEC, "plain.json": { ...plain, sweep } });
  cpSync(join(root, "test", "fixtures", "plugins", "services.mjs"), join(cwd, "services.mjs"));
  const noted = join(cwd, "noted");
  const run = async (...args: string[]): Promise<Note[]> => {
    rmSync(noted, { force: true });
    const { code, stderr } = await vaelabProcess(args, {
      cwd,
      env: { NOTED: noted, VAELAB_CACHE_DIR: join(cwd, "c") },
    });
    expect(code, stderr).toBe(0);
    if (!existsSync(noted)) return [];
    const lines = readFileSync(noted, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as Note);
  };

  const notes = await run("run", "a.json", "--jobs", "2", "--out", "swept");
  const of = (service: string): string[] => notes.filter((each) => each.service === service).map(({ what }) => what);
  const processesOf = (service: string): Set<number> =>
    new Set(notes.filter((each) => each.service === service).map(({ pid }) => pid));
  expect(of("launcher")).toEqual(["noted"]);
  expect(of("engine")).toHaveLength(2);
  expect(of("cache").length).toBeGreaterThan(1);
  expect(of("reporter")).toContain("training all trials");
  for (const type of ["started", "finished"]) expect(of("tracker").filter((what) => what === type)).toHaveLength(2);

  const [starter] = processesOf("launcher");
  for (const service of ["reporter", "tracker"]) expect(processesOf(service)).toEqual(new Set([starter]));
  for (const service of ["engine", "cache"]) {
    expect(processesOf(service).size).toBe(2);
    expect(processesOf(service)).not.toContain(starter);
  }
  const trials = readdirSync(join(cwd, "swept", "trials")).map((id) => join(cwd, "swept", "trials", id, "attempt-1"));
  expect(trials).toHaveLength(2);
  for (const trial of trials)
    expect(JSON.parse(readFileSync(join(trial, "status.json"), "utf8"))).toMatchObject({
      startedAt: "2020-02-03T00:00:00.000Z",
    });

  const encoded = await run("encode", trials[0]!, "--out", "codes.npz");
  expect(encoded.map(({ service }) => service)).toEqual(["engine", "reporter"]);

  expect(await run("run", "plain.json", "--out", "plain")).toEqual([]);
  // The ids of the trials differ, because the spec of a trial names its plugins; their figures do not.
  const figures = (sweep: string): string =>
    readFileSync(join(cwd, sweep, "summary.csv"), "utf8").replace(/^[0-9a-f]+,/gm, "");
  expect(figures("swept")).toBe(figures("plain"));
});
