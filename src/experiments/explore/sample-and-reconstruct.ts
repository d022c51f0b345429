/** Samples and reconstructions of a finished run, as a picture or as arrays. */
import type { SplitName } from "../../contracts/dataset.js";
import { VaelabError } from "../../errors.js";
import { outputsOf } from "../../inference/elbo-terms.js";
import type { Trained } from "../evaluation/evaluation-program.js";
import { conditionsOfRows, decodeCodes, encodeRows, samplePrior } from "../evaluation/generation.js";
import { UNKNOWN } from "../evaluation/labels-of-split.js";
import { type LoadRunOptions, loadRun } from "../runs/load-run.js";
import type { Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { rowsFrom } from "../training/batches.js";
import { requestedConditions } from "./requested-conditions.js";
import { withoutExamples } from "./without-examples.js";
import { assertFits, assertWritable, sampleFile, writeRows } from "./write-rows.js";

export interface FromRunOptions extends Omit<LoadRunOptions, "set" | "add"> {
  /** A .png or .npz file; by default one in the run's samples/ folder. */
  out?: string;
}

export interface SampleOptions extends FromRunOptions {
  count: number;
  seed?: number;
  means?: boolean;
  /** Requested conditions of all samples, such as "label=3"; others follow the training split. */
  given?: readonly string[];
}
const RECONSTRUCTED = 32;
export interface ReconstructOptions extends FromRunOptions {
  /** By default 32, or all of a smaller split. */
  count?: number;
  split?: SplitName;
}

export const sampleRun = async (
  { count, seed, means = false, given = [], out, reporter, ...options }: SampleOptions,
  scope: Scope = standardScope(),
): Promise<{ files: string[] }> => {
  assertWritable(out);
  return withoutExamples(options, reportingTo(scope, reporter), async ({ trained, folder }) => {
    assertFits(trained, count);
    const requested = requestedConditions(trained.model, given, count);
    const samples = await samplePrior(trained, count, seed ?? trained.seed, requested, {
      draws: !means,
      means,
      others: true,
    });
    const name = ["sample", seed ?? trained.seed, count, ...given, ...(means ? ["means"] : [])].join("-");
    const layout = {
      count,
      columns: Math.ceil(Math.sqrt(count)),
      beside: { ...samples.conditions, ...samples.others },
    };
    const rows = means ? samples.means : samples.draws;
    return { files: [writeRows(trained, out ?? sampleFile(folder, name), rows, layout)] };
  });
};

const joined = (first: Float32Array, second: Float32Array): Float32Array => {
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
};

/** Values of the rows by field; unknown labels are -1. */
const originalsOf = ({ dataset }: Trained, split: SplitName, rows: Int32Array): ((field: string) => Float32Array) => {
  const source = dataset.split(split, "evaluation");
  const [values, observed] = [source.read(rows), source.observed?.(rows) ?? {}];
  return (field) => {
    const mask = dataset.fields[field]!.kind === "label" ? observed[field] : undefined;
    return mask ? values[field]!.map((label, i) => (mask[i] === 0 ? UNKNOWN : label)) : values[field]!;
  };
};

export const reconstructRun = async (
  { count: asked, split = "test", out, reporter, ...options }: ReconstructOptions,
  scope: Scope = standardScope(),
): Promise<{ files: string[] }> => {
  assertWritable(out);
  const { trained, folder } = await loadRun(options, reportingTo(scope, reporter));
  const size = trained.dataset.sizes[split];
  const count = asked ?? Math.min(RECONSTRUCTED, size);
  if (count > size)
    throw new VaelabError("USAGE", {
      message: `the ${split} split has ${size} examples, not ${count}`,
      remedy: "Ask for fewer.",
    });
  const rows = rowsFrom(0, count);
  const { codes } = await encodeRows(trained, split, rows);
  const conditions = conditionsOfRows(trained, split, rows);
  const original = originalsOf(trained, split, rows);
  const both: Record<string, Float32Array> = {};
  for (const output of Object.keys(outputsOf(trained.model))) {
    const decoded = await decodeCodes(trained, codes, count, conditions, undefined, output);
    both[output] = joined(original(output), decoded);
  }
  const { [trained.dataset.modeled]: modeled, ...beside } = both;
  const path = out ?? sampleFile(folder, `reconstruct-${split}-${count}`);
  return { files: [writeRows(trained, path, modeled!, { count: 2 * count, columns: count, beside })] };
};
