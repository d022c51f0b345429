/** Samples and reconstructions of a finished run, as a picture or as arrays. */
import { extname, resolve } from "node:path";
import type { SplitName } from "../../contracts/dataset.js";
import type { TableFormat, TableRow } from "../../contracts/unseen.js";
import { VaelabError } from "../../errors.js";
import { outputsOf } from "../../inference/elbo-terms.js";
import { concatenated } from "../../numerics/float-arrays.js";
import { mapValues } from "../../numerics/records.js";
import { makeFolder } from "../../storage/files.js";
import { openTableFile } from "../../storage/table-file.js";
import type { Trained } from "../evaluation/evaluation-program.js";
import { conditionsOfRows, decodeCodes, encodeRows, type HostFields, samplePrior } from "../evaluation/generation.js";
import { UNKNOWN } from "../evaluation/labels-of-split.js";
import { type LoadedRun, type LoadRunOptions, loadRun } from "../runs/load-run.js";
import { keptPreparation } from "../runs/provenance.js";
import type { Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { rowsFrom } from "../training/batches.js";
import { requestedConditions } from "./requested-conditions.js";
import { withoutExamples } from "./without-examples.js";
import { assertFits, assertWritable, sampleFile, writeRows } from "./write-rows.js";

export interface FromRunOptions extends Omit<LoadRunOptions, "set" | "add"> {
  /** A .png or .npz file, of samples of a table a .csv too; by default one in the run's samples/ folder. */
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

/** @throws USAGE where the data are no table */
const tableOf = ({ trained, folder, spec, builder }: LoadedRun, out: string): TableFormat => {
  const { fields, modeled } = trained.dataset;
  const { table } = builder.unseen(spec.data, { fields, modeled, preparation: keptPreparation(folder) });
  if (table) return table;
  throw new VaelabError("USAGE", {
    where: `--out ${out}`,
    message: "the data of the run are no table",
    remedy: "Write a picture to a .png, or arrays to an .npz.",
  });
};

/** Samples in the columns, units and names of categories of the table. */
const writeTable = (out: string, table: TableFormat, values: HostFields, count: number): string => {
  const path = resolve(out);
  makeFolder(resolve(path, ".."));
  const rowOf = (row: number): TableRow =>
    table.present(
      mapValues(values, (data) => data.subarray((row * data.length) / count, ((row + 1) * data.length) / count)),
    );
  const first = rowOf(0);
  const columns = table.columns.filter((column) => Object.hasOwn(first, column));
  const file = openTableFile(path, columns, table);
  try {
    file.append(Array.from({ length: count }, (_, row) => columns.map((column) => rowOf(row)[column])));
    file.close();
  } finally {
    file.discard();
  }
  return path;
};

export const sampleRun = async (
  { count, seed, means = false, given = [], out, reporter, ...options }: SampleOptions,
  scope: Scope = standardScope(),
): Promise<{ files: string[] }> => {
  const isTable = out !== undefined && extname(out) === ".csv";
  if (!isTable) assertWritable(out);
  return withoutExamples(options, reportingTo(scope, reporter), async (loaded) => {
    const { trained, folder } = loaded;
    assertFits(trained, count);
    const table = isTable ? tableOf(loaded, out) : undefined;
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
    if (table) return { files: [writeTable(out!, table, { ...layout.beside, [trained.model.modeled]: rows }, count)] };
    return { files: [writeRows(trained, out ?? sampleFile(folder, name), rows, layout)] };
  });
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
    both[output] = concatenated([original(output), decoded]);
  }
  const { [trained.dataset.modeled]: modeled, ...beside } = both;
  const path = out ?? sampleFile(folder, `reconstruct-${split}-${count}`);
  return { files: [writeRows(trained, path, modeled!, { count: 2 * count, columns: count, beside })] };
};
