/**
 * What a traversal varies, a row each: an element of a latent around its value, or a variable of a discrete latent through all of its
 * categories.
 */
import type { Model } from "../../contracts/model.js";
import { VaelabError } from "../../errors.js";
import { sizeOf } from "../../tensor/fields.js";
import { traversals } from "./walks.js";

type Latents = Pick<Model, "latents" | "supports" | "codes">;

export interface Variation {
  latent: string;
  /** Place in a code of the element, or of the variable's first element. */
  at: number;
  /** For a discrete latent: index of the variable, and number of its categories. */
  variable?: { index: number; categories: number };
}

/** In the order of the latents. */
export const variationsOf = ({ latents, supports = {}, codes = {} }: Latents): Variation[] => {
  let start = 0;
  return Object.entries(latents).flatMap(([latent, shape]) => {
    const size = sizeOf(shape);
    const own = start;
    start += size;
    const each = (count: number, width: number, categories?: number): Variation[] =>
      Array.from({ length: count }, (_, index) => ({
        latent,
        at: own + index * width,
        ...(categories !== undefined && { variable: { index, categories } }),
      }));
    const coded = codes[latent];
    if (coded) return each(coded.shape[0]!, 0, coded.shape[1]!);
    if (supports[latent] === "binary") return each(size, 1, 2);
    const last = shape.at(-1)!;
    return supports[latent] === "one-hot" ? each(size / last, last, last) : each(size, 1);
  });
};

const DEFAULT_STEPS = 11;

/** Columns of a traversal: as many as a discrete variable has categories. @throws USAGE where rows would differ in length */
export const stepsOf = (variations: readonly Variation[], asked: number | undefined): number => {
  const [categories, ...others] = new Set(variations.flatMap(({ variable }) => variable?.categories ?? []));
  if (categories === undefined) return asked ?? DEFAULT_STEPS;
  if (others.length > 0)
    throw new VaelabError("USAGE", {
      message: `these variables have ${[categories, ...others].join(" and ")} categories, so their rows differ in length`,
      remedy: "Name dimensions of variables with one number of categories.",
    });
  if (asked !== undefined && asked !== categories)
    throw new VaelabError("USAGE", {
      where: `--steps ${asked}`,
      message: `a row of a discrete variable walks through its ${categories} categories`,
      remedy: "Leave --steps out, or name dimensions of other latents.",
    });
  return categories;
};

export interface VariedRows {
  /** Codes, `steps` for each variation. */
  codes: Float32Array;
  /** For a latent whose values stand for codes: the categories of its variables. */
  categories?: Float32Array;
}

/**
 * @param code of one example, as `encodeRows` lays it out
 * @param categories of the variables of the latent, if its values stand for codes
 * @param variations of one latent
 */
export const variedRows = (
  model: Latents,
  { code, categories }: { code: Float32Array; categories?: Float32Array | undefined },
  variations: readonly Variation[],
  { range, steps }: { range: number; steps: number },
): VariedRows => {
  if (!variations.some(({ variable }) => variable))
    return {
      codes: traversals(
        model,
        code,
        variations.map(({ at }) => at),
        { range, steps },
      ),
    };
  const repeated = (values: Float32Array): Float32Array => {
    const rows = new Float32Array(variations.length * steps * values.length);
    for (let row = 0; row < variations.length * steps; row++) rows.set(values, row * values.length);
    return rows;
  };
  const codes = repeated(code);
  const varied = categories && repeated(categories);
  for (const [i, { latent, at, variable }] of variations.entries())
    for (let step = 0; step < steps; step++) {
      const row = i * steps + step;
      if (varied) varied[row * categories.length + variable!.index] = step;
      else if (model.supports?.[latent] === "binary") codes[row * code.length + at] = step;
      else for (let k = 0; k < steps; k++) codes[row * code.length + at + k] = Number(k === step);
    }
  return { codes, ...(varied && { categories: varied }) };
};
