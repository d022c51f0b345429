/** The whole design, or a part of it, and a report of what came of it: `npm run cover`. */
import { useEngine } from "../../../support/engine.js";
import { checkCombination } from "./combination.js";
import { type Cover, coverDesign, type Fault, load } from "./cover.js";
import { specOf } from "./factors.js";
import type { Row } from "./pairwise.js";

const EVERY = 20;

export interface CoverOptions {
  seed: number;
  /** The first row that is run. */
  from: number;
  /** As many rows at most; all of them if not given. */
  count?: number;
  say(line: string): void;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What is wrong with a combination that validation lets pass, if anything is. */
export const faultOf = async (row: Row): Promise<Fault | undefined> => {
  try {
    await checkCombination(await useEngine(), await load(row));
    return undefined;
  } catch (error) {
    return { row, message: messageOf(error) };
  }
};

const sayRefused = ({ refused }: Cover, say: CoverOptions["say"]): void => {
  const total = Object.values(refused).reduce((sum, count) => sum + count, 0);
  say(`refused while the design was sought: ${total} problems, by reason`);
  for (const [reason, count] of Object.entries(refused).sort(([, a], [, b]) => b - a)) say(`${count} x ${reason}`);
};

/** Of a whole design. */
const sayPairs = ({ pairs, excluded }: Cover, say: CoverOptions["say"]): void => {
  const stated = excluded.filter((each) => each.stated).length;
  say(
    `pairs of parts: ${pairs}, of which ${pairs - excluded.length} are in a row that runs, ${stated} are refused, and ${excluded.length - stated} cannot be joined because what one needs the other excludes`,
  );
};

/** @returns whether each combination runs or is refused as it should be */
export const cover = async ({ seed, from, count, say }: CoverOptions): Promise<boolean> => {
  const began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  const design = await coverDesign(seed, count === undefined ? undefined : from + count);
  const rows = design.rows.slice(from, count === undefined ? undefined : from + count);
  say(`seed ${seed}: ${design.rows.length} combinations, of which ${rows.length} are run (${seconds()})`);
  const others: (Fault & { at?: number })[] = [...design.faults];
  for (const [i, row] of rows.entries()) {
    const fault = await faultOf(row);
    if (fault) others.push({ ...fault, at: from + i });
    if ((i + 1) % EVERY === 0 || fault) say(`${i + 1} run, ${others.length} others (${seconds()})`);
  }
  sayRefused(design, say);
  if (count === undefined) sayPairs(design, say);
  say(`combinations run: ${rows.length}, others: ${others.length} (${seconds()})`);
  for (const { at, row, message } of others) {
    say(`\n${message}`);
    if (at !== undefined) say(`npm run cover -- --seed ${seed} --from ${at} --count 1`);
    say(JSON.stringify(row));
    say(JSON.stringify(specOf(row)));
  }
  return others.length === 0;
};
