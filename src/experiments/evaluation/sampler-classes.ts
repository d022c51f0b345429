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

/** What a sampler learned of each class. */
export interface LearnedByClass {
  /** Codes of the requested classes, row by row. */
  sample(count: number, labels: Labels): Promise<Points>;
  /** ln of the density of each row's class at its code, in nats; absent where the sampler has no density. */
  logProb?(codes: Points, labels: Labels): Promise<Float64Array>;
}

/**
 * @param labels labels of the codes, by field
 * @param streamOf random streams for fitting and for sampling
 * @param toolsOf for these rows of the codes
 */
export const learnByClass = async (
  sampler: Sampler,
  codes: Points,
  labels: Labels,
  { streamOf, toolsOf }: { streamOf(name: string): Stream; toolsOf(rows: ArrayLike<number>): SamplerTools },
): Promise<LearnedByClass> => {
  const learned = new Map<string, LearnedSampler>();
  for (const [name, rows] of rowsByClass(labels, codes.n)) {
    const own = rows.length === codes.n ? codes : selectRows(codes, rows);
    learned.set(name, await sampler.learn(own, streamOf(name), toolsOf(rows)));
  }
  const of = (name: string): LearnedSampler => {
    const found = learned.get(name);
    if (found) return found;
    throw new VaelabError("CONTRACT", { message: `a sampler is asked for the class ${name}, which no code is of` });
  };
  const hasDensity = [...learned.values()].every(({ logProb }) => logProb !== undefined);
  return {
    sample: async (count, asked) => {
      const values = new Float32Array(count * codes.width);
      for (const [name, rows] of rowsByClass(asked, count)) {
        const drawn = await of(name).sample(rows.length, streamOf(`/draws${name}`));
        for (const [i, row] of rows.entries()) values.set(rowOf(drawn, i), row * codes.width);
      }
      return { values, n: count, width: codes.width };
    },
    ...(hasDensity && {
      logProb: async (points: Points, asked: Labels) => {
        const scores = new Float64Array(points.n);
        for (const [name, rows] of rowsByClass(asked, points.n)) {
          const found = await of(name).logProb!(selectRows(points, rows));
          for (const [i, row] of rows.entries()) scores[row] = found[i]!;
        }
        return scores;
      },
    }),
  };
};
