/**
 * Writes the codes of a split, block by block, to an .npz or a .csv:
 *
 *     index            the row in the split
 *     FIELD            each field that the model does not generate: labels, factors
 *     mean             the mean of q(z | x); on a sphere, its direction
 *     logVariance      ln of the variance of q(z | x), if its distribution has one and does not depend on a sampled latent
 *     code             the likeliest category of each variable of a discrete latent, instead of logVariance
 *
 * If the model has several latents, each array carries the name of its latent, as in `y.mean`. A .csv has the names of classes for
 * labels and for the categories of a latent that stands for a label; an .npz has codes, which `label.names` translates. An example
 * without a label has an empty cell in a .csv; in an .npz its code is -1 and its `label.observed` is false.
 */

import { extname, resolve } from "node:path";
import type { Split, SplitName } from "../../contracts/dataset.js";
import type { Program } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { evaluationCall } from "../../inference/call.js";
import { likeliestCategories } from "../../inference/categories.js";
import { posteriorMean } from "../../inference/elbo-terms.js";
import { batchOf, type KeyedBatch } from "../../inference/step.js";
import { mapValues } from "../../numerics/records.js";
import { noiseKey } from "../../numerics/streams.js";
import { makeFolder } from "../../storage/files.js";
import { OBSERVED } from "../../storage/npz.js";
import { classNames, type FieldSchema } from "../../tensor/fields.js";
import type { Bindings } from "../../tensor/parameters.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { breathe, parametersProgram, type Trained, withProgram } from "../evaluation/evaluation-program.js";
import { loadRun } from "../runs/load-run.js";
import { meter } from "../runs/reporter.js";
import type { Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { blockGroupsOf, keysInput } from "../training/batches.js";
import { residentSplit } from "../training/resident-split.js";
import { type CodeArray, type CodeArrays, type CodeFile, type CodeRows, openCodeFile } from "./code-files.js";
import type { FromRunOptions } from "./sample-and-reconstruct.js";
import { sampleFile } from "./write-rows.js";

export interface EncodeOptions extends FromRunOptions {
  split?: SplitName;
  signal?: AbortSignal;
}
export interface Encoded {
  file: string;
  split: SplitName;
  count: number;
  /** Shapes by name. */
  arrays: Readonly<Record<string, readonly number[]>>;
}

const assertCodeFile = (out: string | undefined): void => {
  if (out !== undefined && ![".npz", ".csv"].includes(extname(out)))
    throw new VaelabError("USAGE", {
      message: `"${out}" ${extname(out) ? `ends in ${extname(out)}` : "has no extension"}`,
      remedy: "Name a .npz or a .csv.",
    });
};

/** Prefix of the arrays of one of several latents: "y." */
const prefixOf = ({ model }: Trained, latent: string): string =>
  Object.keys(model.latents).length === 1 ? "" : `${latent}.`;
const codeOf = (trained: Trained, latent: string): string => `${prefixOf(trained, latent)}code`;

/** mean and logVariance of each site, [block, dimensions], and the code of each discrete one, [block, variables]. */
export const codesProgram = (
  trained: Trained,
): Program<Bindings, KeyedBatch, Record<"numbers" | "categories", Bindings>> => {
  const { model, store, parameters } = trained;
  return parametersProgram(
    "encode",
    store,
    parameters,
    (inputs: KeyedBatch, noise): Record<"numbers" | "categories", Bindings> => {
      const inferred = model.infer(batchOf(inputs), { ...evaluationCall(noise), samples: 1 });
      const count = inputs.index.shape[0]!;
      const numbers: Record<string, Tensor> = {};
      const categories: Record<string, Tensor> = {};
      for (const { name, q } of Object.values(inferred.sites)) {
        const prefix = prefixOf(trained, name);
        numbers[`${prefix}mean`] = tf.reshape(posteriorMean(inferred, name), [count, -1]);
        const likeliest = likeliestCategories(inferred, name);
        if (likeliest) categories[codeOf(trained, name)] = likeliest;
        // If q depends on a sampled latent, the variance differs between draws.
        else if (q.variance && q.batchShape.length === 1)
          numbers[`${prefix}logVariance`] = tf.reshape(tf.log(q.variance()), [count, -1]);
      }
      return { numbers, categories };
    },
  );
};

const isWhole = ({ support }: FieldSchema): boolean => support === "categorical" || support === "count";
const isPartial = ({ dataset }: Trained, name: string): boolean => dataset.partial?.includes(name) ?? false;
/** All fields except the modeled one. */
const otherFields = ({ dataset }: Trained): [string, FieldSchema][] =>
  Object.entries(dataset.fields).filter(([name]) => name !== dataset.modeled);

/** Values of the other fields, with the masks of those that some examples lack. A missing whole number is -1, a real one NaN. */
const fieldRows = (trained: Trained, split: Split, rows: Int32Array): CodeRows => {
  const [values, observed] = [split.read(rows), split.observed?.(rows) ?? {}];
  return Object.fromEntries(
    otherFields(trained).flatMap(([name, field]): [string, CodeRows[string]][] => {
      const mask = observed[name];
      const known = (missing: number): Float32Array =>
        values[name]!.map((value, i) => (mask?.[i] === 0 ? missing : value));
      const column = isWhole(field) ? Int32Array.from(known(-1)) : known(Number.NaN);
      return [
        [name, column],
        ...(isPartial(trained, name)
          ? [[name + OBSERVED, Uint8Array.from(column, (_, i) => Number(mask?.[i] !== 0))] as [string, Uint8Array]]
          : []),
      ];
    }),
  );
};

/** What a file of these codes holds; `codes` is a block's. */
const arraysOf = (trained: Trained, codes: CodeRows, block: number, count: number): CodeArrays => ({
  index: { dtype: "<i4", shape: [count] },
  ...Object.fromEntries(
    otherFields(trained).map(([name, field]): [string, CodeArray] => [
      name,
      {
        dtype: isWhole(field) ? "<i4" : "<f4",
        shape: [count, ...field.shape],
        ...(field.support === "categorical" && { names: classNames(field) }),
        ...(isPartial(trained, name) && { partial: true }),
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(codes).map(([name, values]): [string, CodeArray] => {
      const width = values.length / block;
      if (values instanceof Float32Array) return [name, { dtype: "<f4", shape: [count, width] }];
      const names = categoryNames(trained, name);
      return [name, { dtype: "<i4", shape: width === 1 ? [count] : [count, width], ...(names && { names }) }];
    }),
  ),
});

/** Names of the classes if the array holds the codes of a latent that stands for a label. */
export const categoryNames = (trained: Trained, array: string): readonly string[] | undefined => {
  const { model, dataset } = trained;
  const label = Object.entries(model.observed ?? {}).find(([latent]) => codeOf(trained, latent) === array)?.[1];
  return label === undefined ? undefined : classNames(dataset.fields[label]!);
};

/** @throws USAGE, NOT_WRITABLE, INTERRUPTED; there is then no file. */
export const encodeRun = async (
  { split = "test", out, signal, reporter, ...options }: EncodeOptions,
  outer: Scope = standardScope(),
): Promise<Encoded> => {
  assertCodeFile(out);
  const { trained, folder, scope } = await loadRun(options, reportingTo(outer, reporter));
  const { dataset, runner, seed } = trained;
  const values = dataset.split(split, "evaluation");
  const count = dataset.sizes[split];
  const path = resolve(out ?? sampleFile(folder, `codes-${split}.npz`));
  makeFolder(resolve(path, ".."));
  const progress = meter(scope.reporter, `encoding the ${split} split`, "example");
  let file: CodeFile | undefined;
  try {
    const source = residentSplit(dataset, split, "evaluation", { reads: count });
    await withProgram(runner, source.program(codesProgram(trained)), async (running) => {
      for (const { start, rows, blocks } of blockGroupsOf(count)) {
        if (signal?.aborted) throw interrupted(options.run);
        const outputs = running.call({
          ...source.inputs(rows),
          key: keysInput(blocks.map((block) => noiseKey(seed, "encode", block))),
        });
        const codes: CodeRows = {
          ...mapValues(outputs.numbers, ({ data }) => Float32Array.from(data)),
          ...mapValues(outputs.categories, ({ data }) => Int32Array.from(data)),
        };
        if (!file) {
          file = openCodeFile(path, arraysOf(trained, codes, rows.length, count));
        }
        file.append({ index: rows, ...fieldRows(trained, values, rows), ...codes });
        progress(start + rows.length, count);
        await breathe();
      }
    });
    file?.close();
  } finally {
    file?.discard();
  }
  return {
    file: path,
    split,
    count,
    arrays: file?.shapes ?? {},
  };
};

const interrupted = (run: string): VaelabError =>
  new VaelabError("INTERRUPTED", {
    message: "interrupted; no file was written",
    remedy: `Start it again: vaelab encode ${run}`,
  });
