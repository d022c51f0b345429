/** What a finished run says of the examples in a file: codes, scores, reconstructions, completed examples; written as they come. */
import { resolve } from "node:path";
import { VaelabError } from "../../errors.js";
import { mapValues } from "../../numerics/records.js";
import { makeFolder } from "../../storage/files.js";
import { meter, type Reporter, silent } from "../runs/reporter.js";
import type { Scope } from "../services/services.js";
import { standardScope } from "../services/standard.js";
import { assertGiven } from "./given-fields.js";
import { imputeExamples } from "./impute.js";
import type { BlockOptions } from "./model-calls.js";
import { type NewExamples, newExamples, type Skipped } from "./new-examples.js";
import { conditionsIn, type OpenedModel, type OpenRunOptions, openRun, SAMPLES } from "./open-run.js";
import { scoreExamples } from "./scores.js";
import { type Computed, type Sink, sinkOf } from "./sinks.js";

export interface ApplyOptions extends OpenRunOptions {
  run: string;
  /** File of examples, or a folder of images. */
  input: string;
  /** A .csv or .npz; a table gives a .csv. */
  out: string;
  /** Leave out rows that do not fit, instead of refusing the file. */
  skipBadRows?: boolean;
  /** Draws of z per example, where there are any. */
  samples?: number;
  seed?: number;
  signal?: AbortSignal;
}
export interface Applied {
  file: string;
  count: number;
  skipped: readonly Skipped[];
}

type Compute = (model: OpenedModel, found: NewExamples, options: BlockOptions) => Promise<Computed>;

interface Task {
  /** What is told while it runs: "scoring". */
  name: string;
  compute: Compute;
  /** What is written of a table: numbers beside the number of a row, or its rows again. */
  rows: "numbers" | "examples";
  completes?: boolean;
}

/** @throws USAGE, DATA with the rows that do not fit, NOT_WRITABLE, INTERRUPTED; there is then no file */
const apply = async (
  { run, input, out, skipBadRows = false, seed, signal, ...options }: ApplyOptions,
  { name, compute, rows, completes = false }: Task,
  scope: Scope,
): Promise<Applied> => {
  const reporter = options.reporter ?? silent;
  const model = await openRun(run, options, scope);
  const { unseen } = model.options;
  const path = resolve(out);
  let sink: Sink | undefined;
  try {
    if (!unseen.open)
      throw new VaelabError("USAGE", {
        message: `the data of the run come from a plugin that reads no files of new examples`,
        remedy: "Use openRun in a program.",
      });
    const file = unseen.open(input);
    makeFolder(resolve(path, ".."));
    sink = sinkOf(path, model, file, rows, completes);
    const progress = meter(reporter, `${name} ${input}`, "percent");
    const skipped: Skipped[] = [];
    let count = 0;
    const found = newExamples(file, {
      ...model.options,
      input,
      ...(skipBadRows && { skip: (row) => skipped.push(row) }),
    });
    for await (const each of found) {
      if (signal?.aborted) throw interrupted(name);
      assertGiven(model.loaded.trained.model, each.examples);
      const drawing = { before: count, ...(seed !== undefined && { seed }), ...(signal && { signal }) };
      if (count === 0 && file.kind === "table") tellUnread(file.columns(), unseen.table?.columns ?? [], reporter);
      sink.append(await compute(model, each, drawing), each);
      count += each.examples.count;
      progress(Math.round(100 * each.done), 100);
    }
    if (count === 0)
      throw new VaelabError("DATA", {
        where: input,
        message: "no row of the file fits the data that the model was trained on",
      });
    sink.close();
    return { file: path, count, skipped };
  } finally {
    sink?.discard();
    model.close();
  }
};

const tellUnread = (columns: readonly string[], read: readonly string[], reporter: Reporter): void => {
  const unread = columns.filter((column) => !read.includes(column));
  if (unread.length > 0)
    reporter.event({
      type: "warning",
      message: `the model does not read the columns ${unread.map((name) => JSON.stringify(name)).join(", ")}`,
    });
};

const interrupted = (name: string): VaelabError =>
  new VaelabError("INTERRUPTED", {
    message: `interrupted while ${name}; no file was written`,
    remedy: "Start it again.",
  });

const seeded = ({ loaded }: OpenedModel, { seed = loaded.trained.seed, ...options }: BlockOptions) => ({
  seed,
  ...options,
});
const columnsOf = (numbers: Readonly<Record<string, Float32Array>>): Computed =>
  mapValues(numbers, (data) => ({ shape: [data.length], data }));

/** Codes of the examples of a file, as `encode` names them. */
export const encodeFile = (options: ApplyOptions, scope: Scope = standardScope()): Promise<Applied> =>
  apply(
    options,
    { name: "encoding", rows: "numbers", compute: ({ calls }, { examples }, own) => calls.encode(examples, own) },
    scope,
  );

/** Scores of the examples of a file, in nats. */
export const scoreFile = (options: ApplyOptions, scope: Scope = standardScope()): Promise<Applied> => {
  const { samples = SAMPLES } = options;
  const compute: Compute = async (model, { examples }, own) => {
    const { programs, loaded } = model;
    const found = await scoreExamples(programs, loaded.trained, examples, { samples, ...seeded(model, own) });
    return columnsOf(Object.fromEntries(Object.entries(found)));
  };
  return apply(options, { name: "scoring", rows: "numbers", compute }, scope);
};

/** Means of p(x | z) at the codes of the examples of a file. */
export const reconstructFile = (options: ApplyOptions, scope: Scope = standardScope()): Promise<Applied> => {
  const compute: Compute = async ({ calls, loaded: { trained } }, { examples }, own) =>
    calls.decode(await calls.codes(examples, own), conditionsIn(trained.model, examples), own);
  return apply(options, { name: "reconstructing", rows: "examples", compute }, scope);
};

/** The examples of a file with their missing values filled in. */
export const imputeFile = (
  { draw = false, ...options }: ApplyOptions & { draw?: boolean },
  scope: Scope = standardScope(),
): Promise<Applied> => {
  const { samples = SAMPLES } = options;
  const compute: Compute = async (model, { examples }, own) => {
    const { programs, loaded, fields } = model;
    const drawing = { samples, draws: draw ? 1 : 0, ...seeded(model, own) };
    const [found = {}] = await imputeExamples(programs, loaded.trained, examples, drawing);
    return mapValues(found, (data, name) => ({ shape: [examples.count, ...fields[name]!.shape], data }));
  };
  return apply(options, { name: "completing", rows: "examples", completes: true, compute }, scope);
};
