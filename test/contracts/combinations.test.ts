/** A sample of the design of `npm run cover`, another one each day, or the one of VAELAB_COVER_SEED. */
import { describe, expect, test } from "vitest";
import { useEngine } from "../support/engine.js";
import { coverDesign } from "./support/cover/cover.js";
import { FACTORS } from "./support/cover/factors.js";
import { faultOf } from "./support/cover/main.js";

const ROWS = 4;
const MILLISECONDS_A_DAY = 86_400_000;
const seed = Number(process.env.VAELAB_COVER_SEED ?? Math.floor(Date.now() / MILLISECONDS_A_DAY));
const engine = await useEngine();
const { rows, faults } = await coverDesign(seed, ROWS);

describe(`combinations of seed ${seed}: npm run cover -- --seed ${seed} --count ${ROWS}`, () => {
  test("are refused with both parts named and a remedy", () => {
    expect(Object.keys(FACTORS).length).toBeGreaterThan(10);
    expect(rows).toHaveLength(ROWS);
    expect(faults).toEqual([]);
  });
  test.each(rows.map((row) => [Object.values(row).join(", "), row] as const))(
    "%s: trains, samples, encodes, scores and is read again",
    async (_, row) => {
      // Without graphs, laws of components cover what there is.
      if (engine.name === "native") expect(await faultOf(row)).toBeUndefined();
    },
  );
});
