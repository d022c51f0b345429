/** Sound runs and a sweep, made once by the command itself, that the cases copy and damage. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FULL, SWEEP, TABLE, TABLE_CSV, TINY } from "./small.mjs";

const RUNS = {
  full: FULL,
  table: TABLE,
  tiny: { ...TINY, training: { ...TINY.training, epochs: 3, checkpointEvery: 1 } },
};

/** @param vaelab runs a command in the folder. @returns folders by name: full, table, tiny (runs) and sweep */
export const makeFixtures = async (folder, vaelab) => {
  writeFileSync(join(folder, "table.csv"), TABLE_CSV);
  for (const [name, spec] of Object.entries({ ...RUNS, sweep: SWEEP })) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(spec));
    await vaelab(["run", `${name}.json`, "--out", name, "--jobs", "1"]);
  }
  return Object.fromEntries([...Object.keys(RUNS), "sweep"].map((name) => [name, join(folder, name)]));
};
