import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderPolygon } from "../../../src/data/synthetic/polygon.js";

const SIZE = 12;
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);
/** The shoelace formula. */
const areaOf = (corners: readonly number[]): number => {
  let twice = 0;
  for (let i = 0; i < corners.length; i += 2) {
    const j = (i + 2) % corners.length;
    twice += corners[i]! * corners[j + 1]! - corners[j]! * corners[i + 1]!;
  }
  return twice / 2;
};
const triangle = fc.array(fc.double({ min: 0, max: SIZE, noNaN: true }), { minLength: 6, maxLength: 6 });
/** Corners in the order that the renderer takes for the inside: clockwise as seen, y downwards. */
const clockwise = (corners: number[]): number[] =>
  areaOf(corners) >= 0 ? corners : [corners[0]!, corners[1]!, corners[4]!, corners[5]!, corners[2]!, corners[3]!];

describe("a polygon's pixels", () => {
  it("hold exactly the area covered: a rectangle between pixels", () => {
    const image = renderPolygon(Float64Array.of(1.25, 1.5, 3.5, 1.5, 3.5, 3, 1.25, 3), 5);
    const columns = [0, 0.75, 1, 0.5, 0];
    const rows = [0, 0.5, 1, 0, 0];
    rows.forEach((row, y) => {
      columns.forEach((column, x) => {
        expect(image[y * 5 + x]).toBeCloseTo(row * column, 12);
      });
    });
  });

  it("sum to the area of any triangle", () => {
    fc.assert(
      fc.property(triangle, (given) => {
        const corners = clockwise(given);
        expect(Math.abs(sum(renderPolygon(Float64Array.from(corners), SIZE)) - areaOf(corners))).toBeLessThan(1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it("are the share of a fine grid's points that lie inside, pixel by pixel", () => {
    const fine = 40;
    const side = (ax: number, ay: number, bx: number, by: number, x: number, y: number): boolean =>
      (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
    fc.assert(
      fc.property(triangle, (given) => {
        const [ax, ay, bx, by, cx, cy] = clockwise(given) as [number, number, number, number, number, number];
        const image = renderPolygon(Float64Array.of(ax, ay, bx, by, cx, cy), SIZE);
        for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
          let inside = 0;
          for (let k = 0; k < fine * fine; k++) {
            const x = (pixel % SIZE) + ((k % fine) + 0.5) / fine;
            const y = Math.floor(pixel / SIZE) + (Math.floor(k / fine) + 0.5) / fine;
            if (side(ax, ay, bx, by, x, y) && side(bx, by, cx, cy, x, y) && side(cx, cy, ax, ay, x, y)) inside++;
          }
          // Each of three edges passes at most some 2 * 40 of the 1600 points' cells, half of each wrong.
          expect(Math.abs(image[pixel]! - inside / fine ** 2)).toBeLessThan(3 / fine);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("reach the canvas's very edge", () => {
    const image = renderPolygon(Float64Array.of(0, 0, 3, 0, 3, 3, 0, 3), 3);
    expect(Array.from(image)).toEqual(Array(9).fill(1));
  });
});
