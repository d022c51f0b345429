import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Directions, hypervolume, type Place, paretoSet } from "../../../src/report/figures/pareto.js";

const UP: Directions = { x: "higher", y: "higher" };
const STAIRS = [
  { x: 1, y: 3 },
  { x: 2, y: 2 },
  { x: 3, y: 1 },
];

describe("the Pareto set", () => {
  it("leaves out what another beats, and keeps what is as good in one figure only", () => {
    expect(paretoSet([...STAIRS, { x: 1, y: 2 }, { x: 2, y: 1.5 }, { x: 3, y: 1 }], UP)).toEqual([0, 1, 2, 5]);
    expect(paretoSet(STAIRS, { x: "lower", y: "lower" })).toEqual([0, 1, 2]);
    expect(paretoSet(STAIRS, { x: "higher", y: "lower" })).toEqual([2]);
    expect(paretoSet([], UP)).toEqual([]);
  });
});

describe("the hypervolume", () => {
  it("is the area of the staircase", () => {
    // Columns of heights 3, 2 and 1.
    expect(hypervolume(STAIRS, { x: 0, y: 0 }, UP)).toBe(6);
    expect(hypervolume(STAIRS, { x: 4, y: 4 }, { x: "lower", y: "lower" })).toBe(6);
    expect(hypervolume(STAIRS, { x: 0, y: 4 }, { x: "higher", y: "lower" })).toBe(9);
    expect(hypervolume([{ x: 2, y: 2 }], { x: 2, y: 0 }, UP)).toBe(0);
    expect(hypervolume([], { x: 0, y: 0 }, UP)).toBe(0);
  });

  const SIZE = 12;
  const whole = fc.integer({ min: 0, max: SIZE });
  const places = fc.array(fc.record({ x: whole, y: whole }), { maxLength: 15 });
  const direction = fc.constantFrom("lower" as const, "higher" as const);

  it("counts the unit squares that some place is better than", () => {
    const covers = (place: number, middle: number, better: "lower" | "higher"): boolean =>
      better === "higher" ? place > middle : place < middle;
    fc.assert(
      fc.property(places, fc.record({ x: direction, y: direction }), (all: Place[], directions) => {
        const reference = { x: directions.x === "higher" ? 0 : SIZE, y: directions.y === "higher" ? 0 : SIZE };
        let squares = 0;
        for (let i = 0; i < SIZE; i++)
          for (let j = 0; j < SIZE; j++)
            if (all.some(({ x, y }) => covers(x, i + 0.5, directions.x) && covers(y, j + 0.5, directions.y))) squares++;
        expect(hypervolume(all, reference, directions)).toBe(squares);
        const front = paretoSet(all, directions).map((i) => all[i]!);
        expect(hypervolume(front, reference, directions)).toBe(squares);
      }),
    );
  });
});
