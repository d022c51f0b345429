/** Decoded paths through the latent space of a run: between two examples, and along single dimensions around one. */
import type { SplitName } from "../../contracts/dataset.js";
import type { Model } from "../../contracts/model.js";
import { VaelabError } from "../../errors.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Trained } from "../evaluation/evaluation-program.js";
import { decodeCodes } from "../evaluation/generation.js";
import { stepsOf, type Variation, variationsOf, variedRows } from "../evaluation/variations.js";
import { pathBetween, type WalkName } from "../evaluation/walks.js";
import type { Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { codedExamples } from "./coded-examples.js";
import type { FromRunOptions } from "./sample-and-reconstruct.js";
import { withoutExamples } from "./without-examples.js";
import { assertFits, assertWritable, sampleFile, writeRows } from "./write-rows.js";

const assertRows = ({ dataset }: Trained, split: SplitName, rows: Readonly<Record<string, number>>): void => {
  const size = dataset.sizes[split];
  const problems = Object.entries(rows)
    .filter(([, row]) => row >= size)
    .map(([flag, row]) => ({
      where: `--${flag} ${row}`,
      message: `the ${split} split has ${size} examples, counted from 0`,
      remedy: `Name one from 0 to ${size - 1}.`,
    }));
  if (problems.length > 0) throw new VaelabError("USAGE", problems);
};

export interface InterpolateOptions extends FromRunOptions {
  /** Indices of examples in the split, from 0. */
  from: number;
  to: number;
  /** At least 2, including both ends. */
  steps: number;
  walk?: WalkName;
  split?: SplitName;
}

/** One row of decoded means between the codes of two examples. */
export const interpolateRun = async (
  { from, to, steps, walk = "straight", split = "test", out, reporter, ...options }: InterpolateOptions,
  scope: Scope = standardScope(),
): Promise<{ files: string[] }> => {
  assertWritable(out);
  return withoutExamples(options, reportingTo(scope, reporter), async (loaded) => {
    const { trained, folder } = loaded;
    assertRows(trained, split, { from, to });
    assertFits(trained, steps);
    const examples = codedExamples(loaded, split);
    const { codes, dimensions } = await examples.encode(Int32Array.of(from, to));
    const path = pathBetween(trained.model, codes.subarray(0, dimensions), codes.subarray(dimensions), steps, walk);
    // A path keeps the condition that it begins under.
    const conditions = examples.conditions(new Int32Array(steps).fill(from));
    const decoded = await decodeCodes(trained, path, steps, conditions);
    const name = `interpolate-${split}-${from}-${to}-${steps}${walk === "straight" ? "" : `-${walk}`}`;
    const layout = { count: steps, columns: steps };
    return { files: [writeRows(trained, out ?? sampleFile(folder, name), decoded, layout)] };
  });
};

export interface TraverseOptions extends FromRunOptions {
  /** From 0, each element of a latent or variable of a discrete one; all by default. */
  dimensions?: readonly number[];
  /** Example whose code is varied. */
  index?: number;
  split?: SplitName;
  /** Maximum distance from the code's value in both directions; an angle on a sphere, a hyperbolic distance in a ball. */
  range?: number;
  /** By default 11, or the categories of a discrete variable. */
  steps?: number;
}

/** @returns all of them where none is named. @throws USAGE */
const namedDimensions = (named: readonly number[], count: number): readonly number[] => {
  const unknown = named.filter((dimension) => dimension >= count);
  if (unknown.length > 0)
    throw new VaelabError("USAGE", {
      where: `--dimension ${unknown.join(" ")}`,
      message: `the codes of this model have ${count} dimensions, counted from 0`,
      remedy: `Name them from 0 to ${count - 1}.`,
    });
  return named.length > 0 ? named : Array.from({ length: count }, (_, d) => d);
};

/** Categories of the variables of one latent, among those of all latents whose values stand for codes. */
const categoriesOf = (
  { codes = {} }: Model,
  latent: string,
  all: Float32Array | undefined,
): Float32Array | undefined => {
  let start = 0;
  for (const [name, { shape }] of Object.entries(codes)) {
    if (name === latent) return all?.subarray(start, start + shape[0]!);
    start += shape[0]!;
  }
  return undefined;
};

/** Rows of a picture, by the latent that each varies. */
const rowsByLatent = (variations: readonly Variation[]): Map<string, number[]> => {
  const rows = new Map<string, number[]>();
  for (const [row, { latent }] of variations.entries()) rows.set(latent, [...(rows.get(latent) ?? []), row]);
  return rows;
};

/**
 * Decoded means around one example's code, one row per dimension: a discrete variable walks through its categories. What is generated
 * from a latent follows it.
 */
export const traverseRun = async (
  {
    dimensions: named = [],
    index = 0,
    split = "test",
    range = 3,
    steps: asked,
    out,
    reporter,
    ...options
  }: TraverseOptions,
  scope: Scope = standardScope(),
): Promise<{ files: string[]; dimensions: readonly number[] }> => {
  assertWritable(out);
  return withoutExamples(options, reportingTo(scope, reporter), async (loaded) => {
    const { trained, folder } = loaded;
    const { model, dataset } = trained;
    assertRows(trained, split, { index });
    const all = variationsOf(model);
    const dimensions = namedDimensions(named, all.length);
    const variations = dimensions.map((dimension) => all[dimension]!);
    const steps = stepsOf(variations, asked);
    const count = dimensions.length * steps;
    assertFits(trained, count);
    const examples = codedExamples(loaded, split);
    const { codes, categories } = await examples.encode(Int32Array.of(index));
    const length = steps * sizeOf(dataset.fields[dataset.modeled]!.shape);
    const decoded = new Float32Array(dimensions.length * length);
    for (const [latent, rows] of rowsByLatent(variations)) {
      const example = { code: codes, categories: categoriesOf(model, latent, categories) };
      const varied = variedRows(
        model,
        example,
        rows.map((row) => variations[row]!),
        { range, steps },
      );
      const conditions = examples.conditions(new Int32Array(rows.length * steps).fill(index));
      const changed = { latent, ...(varied.categories && { categories: varied.categories }) };
      const own = await decodeCodes(trained, varied.codes, rows.length * steps, conditions, changed);
      for (const [i, row] of rows.entries()) decoded.set(own.subarray(i * length, (i + 1) * length), row * length);
    }
    const which = named.length > 0 ? `-${named.join("-")}` : "";
    const path = out ?? sampleFile(folder, `traverse-${split}-${index}${which}`);
    return { files: [writeRows(trained, path, decoded, { count, columns: steps })], dimensions };
  });
};
