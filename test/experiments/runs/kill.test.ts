/** SIGKILL at random moments, in the middle of checkpoints too; `npm run kills` does it more often. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CliCopy, copyCli } from "../support/cli-copy.js";
import { killRounds } from "../support/kills.js";
import { OFTEN_SAVED } from "../support/restart-spec.js";
import { newFolder } from "../support/runs.js";

let cli: CliCopy;
beforeAll(() => {
  cli = copyCli();
});
afterAll(() => cli?.remove());

test("a run that was killed four times leaves the bytes of one that never was", { timeout: 300_000 }, async () => {
  const { rounds } = await killRounds(cli, OFTEN_SAVED, { folder: newFolder(), kills: 4, seed: 3 });
  expect(rounds.flatMap(({ kills }) => kills)).toHaveLength(4);
  for (const { code, differences } of rounds) expect({ code, differences }).toEqual({ code: 0, differences: [] });
});
