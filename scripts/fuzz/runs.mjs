/** Subject "runs": received folders of runs and sweeps, in every command that takes one. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFixtures } from "./fixtures.mjs";
import { damageFolder } from "./run-folders.mjs";

/** Training goes on after a fixture that lacks its end. */
const cutOff = (run) => {
  for (const name of ["metrics.json", "report.html", "status.json"]) rmSync(join(run, name), { force: true });
};

/** Commands on a run, those that load no weights more often. @param out a path that may be written */
export const commandsOn = (random, folder, { sound, out }) =>
  random.weighted([
    [6, () => ["report", folder]],
    [
      4,
      () => [
        "compare",
        ...(random.chance(0.5) ? [folder, sound] : [sound, folder]),
        ...(random.chance(0.5) ? ["--out", `${out}.html`] : []),
      ],
    ],
    [2, () => ["sample", folder, "--count", "9", "--out", random.chance(0.5) ? `${out}.png` : `${out}.npz`]],
    [
      2,
      () => [
        "evaluate",
        folder,
        ...(random.chance(0.5) ? ["--metric", "elbo"] : []),
        ...(random.chance(0.3) ? ["--replace"] : []),
      ],
    ],
    [2, () => ["encode", folder, ...(random.chance(0.5) ? ["--out", `${out}.csv`] : [])]],
    [4, () => ["resume", folder, ...(random.chance(0.3) ? ["--epochs", "4"] : [])]],
    [1, () => ["reconstruct", folder, "--out", `${out}.png`]],
    [1, () => ["interpolate", folder, "--out", `${out}.png`]],
    [1, () => ["traverse", folder, "--out", `${out}.png`]],
  ])();

const INTERRUPTIBLE = ["evaluate", "encode", "resume"];
export const commandCase = (args, given) => ({
  args,
  writes: ["run", "run-moved", "out.png", "out.npz", "out.csv", "out.html"].map((name) => join(given, name)),
  isSecret: true,
  ...(INTERRUPTIBLE.includes(args[0]) && { interruptAfter: 4 }),
});

export const runs = {
  fixtures: makeFixtures,
  prepare: (random, { given, outside, fixtures }) => {
    const kind = random.weighted([
      [5, "full"],
      [2, "table"],
      [2, "tiny"],
      [4, "sweep"],
    ]);
    cpSync(fixtures[kind], join(given, "run"), { recursive: true });
    cpSync(fixtures[kind === "sweep" ? "sweep" : "tiny"], join(given, "sound"), { recursive: true });
    const args = commandsOn(random, "run", { sound: "sound", out: "out" });
    if (args[0] === "resume" && kind !== "sweep" && random.chance(0.5)) cutOff(join(given, "run"));
    damageFolder(random, join(given, "run"), outside);
    return commandCase(args, given);
  },
};
