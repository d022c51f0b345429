/**
 * A finished run for use in a program: its model encodes, decodes, samples, scores and completes examples that it has never seen,
 * through captured graphs that stay open between calls. The run's data set is not needed.
 */
import { resolve } from "node:path";
import { VaelabError } from "../../errors.js";
import { mapValues } from "../../numerics/records.js";
import { sizeOf } from "../../tensor/fields.js";
import type { HostFields } from "../evaluation/generation.js";
import { pathBetween } from "../evaluation/walks.js";
import { withoutExamples } from "../explore/without-examples.js";
import type { LoadedRun, LoadRunOptions } from "../runs/load-run.js";
import { keptPreparation } from "../runs/provenance.js";
import type { Reporter } from "../runs/reporter.js";
import type { Scope } from "../services/services.js";
import { reportingTo, standardScope } from "../services/standard.js";
import { type ExampleOptions, type Examples, type PreparedExamples, prepareExamples } from "./examples.js";
import { assertGiven, givenFields, requestedFields } from "./given-fields.js";
import { imputeExamples } from "./impute.js";
import { KeptPrograms } from "./kept-programs.js";
import { ModelCalls } from "./model-calls.js";
import { rowMajor } from "./numbers.js";
import type { CallOptions, OpenedRun, ValueArrays } from "./opened-run.js";
import { scoreExamples } from "./scores.js";

export interface OpenRunOptions extends Pick<LoadRunOptions, "engine" | "threads" | "plugins" | "dataFolder"> {
  reporter?: Reporter;
}

export const SAMPLES = 100;
const STEPS = 8;

/** An opened run, and how its examples are prepared. */
export interface OpenedModel extends OpenedRun {
  readonly options: ExampleOptions;
  /** Reads examples, of which every field that the model is conditioned on has to be there. @throws USAGE */
  prepare(examples: Examples): PreparedExamples;
  readonly programs: KeptPrograms;
  readonly calls: ModelCalls;
  readonly loaded: LoadedRun;
}

const copies = (values: Float32Array, width: number, times: number): Float32Array =>
  Float32Array.from({ length: values.length * times }, (_, i) => {
    const row = Math.floor(i / (width * times));
    return values[row * width + (i % width)]!;
  });

/** Decoded paths between the codes of two sets of examples. */
const interpolation = async (
  { model }: LoadedRun["trained"],
  calls: ModelCalls,
  [from, to]: readonly [PreparedExamples, PreparedExamples],
  { steps = STEPS, walk = "straight", ...options }: NonNullable<Parameters<OpenedRun["interpolate"]>[2]>,
): Promise<ValueArrays> => {
  if (from.count !== to.count)
    throw new VaelabError("USAGE", {
      where: "to",
      message: `${to.count} examples are given, but ${from.count} to begin from`,
      remedy: "Give as many of each.",
    });
  if (!Number.isInteger(steps) || steps < 2)
    throw new VaelabError("USAGE", {
      where: "steps",
      message: `there cannot be ${steps} steps`,
      remedy: "Ask for at least 2.",
    });
  const { count } = from;
  const { dimensions } = calls;
  const [first, last] = [await calls.codes(from, options), await calls.codes(to, options)];
  const path = new Float32Array(count * steps * dimensions);
  for (let row = 0; row < count; row++) {
    const codeOf = (codes: Float32Array): Float32Array => codes.subarray(row * dimensions, (row + 1) * dimensions);
    path.set(pathBetween(model, codeOf(first), codeOf(last), steps, walk), row * steps * dimensions);
  }
  // A path keeps the condition that it begins under.
  const conditions = mapValues(conditionsIn(model, from), (values, name) =>
    copies(values, sizeOf(model.fields[name]!.shape), steps),
  );
  const decoded = await calls.decode(path, conditions, options);
  return mapValues(decoded, ({ shape, data }) => ({ shape: [count, steps, ...shape.slice(1)], data }));
};

export const conditionsIn = (model: LoadedRun["trained"]["model"], { fields }: PreparedExamples): HostFields =>
  Object.fromEntries(givenFields(model).map((name) => [name, fields[name]!]));

export const openLoaded = (loaded: LoadedRun): OpenedModel => {
  const { trained, folder, spec, builder } = loaded;
  const { model, dataset } = trained;
  const { modeled } = model;
  const { fields } = dataset;
  const programs = new KeptPrograms(trained.runner);
  const calls = new ModelCalls(trained, programs);
  const unseen = builder.unseen(spec.data, { fields, modeled, preparation: keptPreparation(folder) });
  const options: ExampleOptions = { fields, modeled, unseen };
  const prepared = (examples: Examples): PreparedExamples => {
    const made = prepareExamples(examples, options);
    assertGiven(model, made);
    return made;
  };
  const drawing = ({ seed = trained.seed, signal, samples = SAMPLES }: CallOptions & { samples?: number }) => ({
    seed,
    signal,
    samples,
  });

  return {
    options,
    prepare: prepared,
    programs,
    calls,
    loaded,
    fields,
    modeled,
    outputs: calls.outputs,
    latents: model.latents,
    conditions: model.conditions ?? {},
    encode: async (examples, options = {}) => calls.encode(prepared(examples), options),
    decode: async (codes, { conditions = {}, ...own } = {}) => {
      const { count, data } = rowMajor(codes, [calls.dimensions], "codes", Number);
      return calls.decode(data, requestedFields(model, conditions, count, options), own);
    },
    sample: async (count, { conditions = {}, means = false, ...own } = {}) =>
      calls.sample(count, requestedFields(model, conditions, count, options), { means, ...own }),
    reconstruct: async (examples, options = {}) => {
      const made = prepared(examples);
      return calls.decode(await calls.codes(made, options), conditionsIn(model, made), options);
    },
    score: async (examples, options = {}) => scoreExamples(programs, trained, prepared(examples), drawing(options)),
    impute: async (examples, { draws = 0, ...options } = {}) => {
      const made = prepared(examples);
      const all = await imputeExamples(programs, trained, made, { draws, ...drawing(options) });
      return all.map((values) =>
        mapValues(values, (data, name) => ({ shape: [made.count, ...fields[name]!.shape], data })),
      );
    },
    interpolate: async (from, to, options = {}) =>
      interpolation(trained, calls, [prepared(from), prepared(to)], options),
    rows: (values) => {
      const { table } = unseen;
      if (!table)
        throw new VaelabError("USAGE", { message: "the data of the run are no table", remedy: "Use the arrays." });
      const rowOf = (row: number) =>
        mapValues(values, ({ shape: [, ...shape], data }) => {
          const width = sizeOf(shape);
          return data.subarray(row * width, (row + 1) * width);
        });
      return Array.from({ length: Object.values(values)[0]?.shape[0] ?? 0 }, (_, row) => table.present(rowOf(row)));
    },
    close: () => programs.close(),
    [Symbol.asyncDispose]: async () => programs.close(),
  };
};

/** @throws NOT_FOUND, RUN_FOLDER for a sweep, CHECKPOINT, PLUGIN for a run whose plugins are not trusted */
export const openRun = (
  run: string,
  { reporter, ...options }: OpenRunOptions = {},
  scope: Scope = standardScope(),
): Promise<OpenedModel> =>
  withoutExamples({ run: resolve(run), ...options }, reportingTo(scope, reporter), async (loaded) =>
    openLoaded(loaded),
  );
