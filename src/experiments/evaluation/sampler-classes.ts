/** Fits a sampler to codes class by class: one density per class or combination of labels. */
import type { LearnedSampler, Sampler, SamplerTools } from "../../contracts/sampler.js";
import { VaelabError } from "../../errors.js";
import { type Points, rowOf, selectRows } from "../../numerics/points.js";
import type { Stream } from "../../numerics/streams.js";

/** By field, one value per row. */
type Labels = readonly ArrayLike<number>[];

/** Rows by class, in class order; all rows together without labels. */
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
 * @param labels labels of the codes, by field
 * @param streamOf random streams for fitting and for sampling
 * @returns codes of the requested classes, row by row
 */
export const learnByClass = async (
  sampler: Sampler,
  codes: Points,
  labels: Labels,
  { streamOf, tools }: { streamOf(name: string): Stream; tools: SamplerTools },
): Promise<(count: number, asked: Labels) => Promise<Points>> => {
  const learned = new Map<string, LearnedSampler>();
  for (const [name, rows] of rowsByClass(labels, codes.n)) {
    const own = rows.length === codes.n ? codes : selectRows(codes, rows);
    learned.set(name, await sampler.learn(own, streamOf(name), tools));
  }
  return async (count, asked) => {
    const values = new Float32Array(count * codes.width);
    for (const [name, rows] of rowsByClass(asked, count)) {
      const of = learned.get(name);
      if (!of)
        throw new VaelabError("CONTRACT", { message: `a sampler is asked for the class ${name}, which no code is of` });
      const drawn = await of.sample(rows.length, streamOf(`/draws${name}`));
      for (const [i, row] of rows.entries()) values.set(rowOf(drawn, i), row * codes.width);
    }
    return { values, n: count, width: codes.width };
  };
};
