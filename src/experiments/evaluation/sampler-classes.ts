/** What a sampler learns of codes class by class: as many densities as there are classes, or combinations of several labels. */
import type { Sampler } from "../../contracts/sampler.js";
import { VaelabError } from "../../errors.js";
import { type Points, rowOf, selectRows } from "../../numerics/points.js";
import type { Stream } from "../../numerics/streams.js";

/** By field, one value a row. */
type Labels = readonly ArrayLike<number>[];

/** Rows by class, in the order of the classes; all rows together where there is no label. */
const rowsByClass = (labels: Labels, count: number): [name: string, rows: number[]][] => {
  const classes = new Map<string, number[]>();
  for (let row = 0; row < count; row++) {
    const name = labels.map((values) => `/${values[row]}`).join("");
    const rows = classes.get(name);
    if (rows) rows.push(row);
    else classes.set(name, [row]);
  }
  return [...classes].sort(([a], [b]) => (a < b ? -1 : 1));
};

/**
 * @param labels of the codes' rows, by field
 * @param streamOf names what is drawn: to learn, and to sample
 * @returns codes of the classes asked for, row by row
 */
export const learnByClass = (
  sampler: Sampler,
  codes: Points,
  labels: Labels,
  streamOf: (name: string) => Stream,
): ((count: number, asked: Labels) => Points) => {
  const learned = new Map(
    rowsByClass(labels, codes.n).map(([name, rows]) => [
      name,
      sampler.learn(rows.length === codes.n ? codes : selectRows(codes, rows), streamOf(name)),
    ]),
  );
  return (count, asked) => {
    const values = new Float32Array(count * codes.width);
    for (const [name, rows] of rowsByClass(asked, count)) {
      const of = learned.get(name);
      if (!of)
        throw new VaelabError("CONTRACT", { message: `a sampler is asked for the class ${name}, which no code is of` });
      const drawn = of.sample(rows.length, streamOf(`/draws${name}`));
      for (const [i, row] of rows.entries()) values.set(rowOf(drawn, i), row * codes.width);
    }
    return { values, n: count, width: codes.width };
  };
};
