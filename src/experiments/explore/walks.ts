/** Decoded paths through the latent space of a run: between two examples, and along single dimensions around one. */
import type { SplitName } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { sizeOf } from "../../tensor/fields.js";
import type { Trained } from "../evaluation/evaluation-program.js";
import { decodeCodes } from "../evaluation/generation.js";
import { pathBetween, traversals, type WalkName } from "../evaluation/walks.js";
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
  /** From 0; all by default. */
  dimensions?: readonly number[];
  /** Example whose code is varied. */
  index?: number;
  split?: SplitName;
  /** Maximum distance from the code's value in both directions; an angle where the latent lies on a sphere. */
  range?: number;
  steps?: number;
}

/** @returns all of them where none is named. @throws USAGE */
const namedDimensions = (named: readonly number[], width: number): readonly number[] => {
  const unknown = named.filter((dimension) => dimension >= width);
  if (unknown.length > 0)
    throw new VaelabError("USAGE", {
      where: `--dimension ${unknown.join(" ")}`,
      message: `the codes of this model have ${width} dimensions, counted from 0`,
      remedy: `Name them from 0 to ${width - 1}.`,
    });
  return named.length > 0 ? named : Array.from({ length: width }, (_, d) => d);
};

/** Places in `dimensions` by the latent that each belongs to; codes are laid out as `encodeRows` gives them. */
const rowsByLatent = ({ model }: Trained, dimensions: readonly number[]): Map<string, number[]> => {
  const owners = Object.entries(model.latents).flatMap(([latent, shape]) => Array<string>(sizeOf(shape)).fill(latent));
  const rows = new Map<string, number[]>();
  for (const [row, dimension] of dimensions.entries()) {
    const latent = owners[dimension]!;
    rows.set(latent, [...(rows.get(latent) ?? []), row]);
  }
  return rows;
};

/** Decoded means around one example's code, one row per dimension. What is generated from a latent follows it. */
export const traverseRun = async (
  {
    dimensions: named = [],
    index = 0,
    split = "test",
    range = 3,
    steps = 11,
    out,
    reporter,
    ...options
  }: TraverseOptions,
  scope: Scope = standardScope(),
): Promise<{ files: string[]; dimensions: readonly number[] }> => {
  assertWritable(out);
  return withoutExamples(options, reportingTo(scope, reporter), async (loaded) => {
    const { trained, folder } = loaded;
    assertRows(trained, split, { index });
    const examples = codedExamples(loaded, split);
    const { codes, dimensions: size } = await examples.encode(Int32Array.of(index));
    const dimensions = namedDimensions(named, size);
    const count = dimensions.length * steps;
    assertFits(trained, count);
    const width = sizeOf(trained.dataset.fields[trained.dataset.modeled]!.shape);
    const decoded = new Float32Array(count * width);
    for (const [latent, rows] of rowsByLatent(trained, dimensions)) {
      const path = traversals(
        trained.model,
        codes,
        rows.map((row) => dimensions[row]!),
        { range, steps },
      );
      const conditions = examples.conditions(new Int32Array(rows.length * steps).fill(index));
      const own = await decodeCodes(trained, path, rows.length * steps, conditions, latent);
      const length = steps * width;
      for (const [i, row] of rows.entries()) decoded.set(own.subarray(i * length, (i + 1) * length), row * length);
    }
    const which = named.length > 0 ? `-${named.join("-")}` : "";
    const path = out ?? sampleFile(folder, `traverse-${split}-${index}${which}`);
    return { files: [writeRows(trained, path, decoded, { count, columns: steps })], dimensions };
  });
};
