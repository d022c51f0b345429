/** Evaluates a checkpoint: all metrics of the spec, their shared refit, and the pictures. Training state is unchanged. */
import { join } from "node:path";
import type { HostTensors } from "../../contracts/program.js";
import { mapValues } from "../../numerics/records.js";
import type { Builder } from "../../registry/components/build.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { writeVersioned } from "../../storage/format.js";
import { LABELS, RUN_FILES, type RunMetrics } from "../../storage/layout.js";
import { writeNpz } from "../../storage/npz.js";
import { classNames, type FieldSchemas } from "../../tensor/fields.js";
import { meter, type Reporter } from "../runs/reporter.js";
import type { Cache } from "../services/services.js";
import { innerAdam } from "../training/inner-optimizer.js";
import type { Trained } from "./evaluation-program.js";
import { featureExtractor } from "./feature-extractor.js";
import { LEARNING_RATE } from "./feature-training.js";
import { labelArrays } from "./label-arrays.js";
import { labelsOfSplit } from "./labels-of-split.js";
import { metricContext } from "./metric-context.js";
import { writePictures } from "./pictures.js";
import { measurementRecorder } from "./record-measurements.js";
import { refitEncoder } from "./refit.js";
import type { NamedSampler } from "./sampler-sets.js";

export interface EvaluationRequest {
  spec: ResolvedSpec;
  trained: Trained;
  builder: Builder;
  checkpoint: { step: number; which: "best" | "last" };
  /** SHA-256 of its manifest. */
  content: string;
  folder: string;
  /** Without it, only figures. */
  pictures?: boolean;
  reporter: Reporter;
  cache: Cache;
  signal?: AbortSignal;
}

/** One refit, computed when a metric first requests it. */
const refitOnce = ({
  spec,
  trained,
  builder,
  reporter,
  signal,
}: EvaluationRequest): (() => Promise<HostTensors>) | undefined => {
  const { epochs, learningRate } = spec.evaluation.refit;
  if (epochs === 0) return undefined;
  let refitted: Promise<HostTensors> | undefined;
  const refit = async (): Promise<HostTensors> => {
    const optimizer = await innerAdam(builder, learningRate, "/evaluation/refit/optimizer");
    const progress = meter(reporter, "refitting the encoder", "step");
    return refitEncoder(trained, {
      epochs,
      learningRate,
      batchSize: spec.training.batchSize,
      optimizer,
      progress,
      ...(signal && { signal }),
    });
  };
  return () => (refitted ??= refit());
};

/** Trained, or read from the cache, when a metric first requests it. */
const extractorOf = ({ trained, builder, reporter, cache, signal }: EvaluationRequest, dataSeed: number) =>
  featureExtractor({
    dataset: trained.dataset,
    dataSeed,
    runner: trained.runner,
    optimizer: () => innerAdam(builder, LEARNING_RATE, "/evaluation/extractor/optimizer"),
    cache,
    warn: (message) => reporter.event({ type: "warning", message }),
    progress: meter(reporter, "training the feature extractor", "step"),
    ...(signal && { signal }),
  });

/** Keyed by type, with a number if a type occurs several times. */
export const samplersOf = async ({
  spec,
  builder,
}: Pick<EvaluationRequest, "spec" | "builder">): Promise<NamedSampler[]> => {
  const samplers: NamedSampler[] = [];
  for (const [index, fields] of spec.evaluation.samplers.entries()) {
    const same = spec.evaluation.samplers.slice(0, index).filter(({ type }) => type === fields.type).length;
    const sampler = await builder.build("sampler", fields, `/evaluation/samplers/${index}`, {
      optimizer: () => ({}),
      schedule: () => ({ totalSteps: 1 }),
    });
    samplers.push({ name: same > 0 ? `${fields.type}-${same + 1}` : fields.type, sampler });
  }
  return samplers;
};

const classNamesOf = (fields: FieldSchemas): RunMetrics["classNames"] => {
  const labels = Object.entries(fields).filter(([, { kind }]) => kind === "label");
  if (!labels.some(([, { names }]) => names)) return undefined;
  return Object.fromEntries(labels.map(([name, field]) => [name, classNames(field)]));
};

const writePerExample = (
  { spec, trained, folder }: EvaluationRequest,
  perExample: Readonly<Record<string, Float32Array>>,
): void => {
  const labels = Object.keys(perExample).length > 0 ? labelsOfSplit(trained.dataset, spec.evaluation.split) : {};
  const { fields } = trained.dataset;
  writeNpz(
    join(folder, RUN_FILES.perExample),
    Object.fromEntries([
      ...Object.entries(mapValues(perExample, (data) => ({ shape: [data.length], data }))),
      ...Object.entries(labels).flatMap(([field, codes]) =>
        Object.entries(labelArrays(LABELS + field, fields[field]!, codes)),
      ),
    ]),
  );
};

export const evaluate = async (request: EvaluationRequest): Promise<RunMetrics> => {
  const { spec, trained, builder, folder, pictures = true, reporter, signal, checkpoint } = request;
  const { split, metrics } = spec.evaluation;
  const refitted = refitOnce(request);
  const meters = new Map<string, ReturnType<typeof meter>>();
  const progress = (name: string, done: number, total: number): void => {
    if (!meters.has(name)) meters.set(name, meter(reporter, `measuring ${name}`, "block"));
    meters.get(name)!(done, total);
  };
  const dataSeed = typeof spec.data.seed === "number" ? spec.data.seed : 0;
  const extractor = extractorOf(request, dataSeed);
  const samplers = await samplersOf(request);
  const warn = (message: string): void => reporter.event({ type: "warning", message });
  const context = metricContext(trained, split, {
    dataSeed,
    samplers,
    cache: request.cache,
    warn,
    progress,
    ...(refitted && { refitted }),
    ...(signal && { signal }),
  });
  const recorder = measurementRecorder(context.size);
  for (const [index, fields] of metrics.entries()) {
    reporter.event({ type: "phase", name: `measuring ${fields.type}` });
    const metric = await builder.build("metric", fields, `/evaluation/metrics/${index}`, { metric: () => ({}) });
    const services = metric.needs?.includes("extractor") ? { ...context, extractor } : context;
    recorder.record(fields.type, builder.definition("metric", fields.type), await metric.evaluate(services));
  }
  writePerExample(request, recorder.perExample);
  const named = classNamesOf(trained.dataset.fields);
  const scored: RunMetrics = {
    name: spec.name,
    seed: spec.seed,
    split,
    checkpoint,
    ...recorder.written(),
    ...(named && { classNames: named }),
  };
  writeVersioned(join(folder, RUN_FILES.metrics), scored);
  if (pictures) {
    reporter.event({ type: "phase", name: "drawing samples" });
    const scoredAt = { split, checkpoint: request.content };
    await writePictures(trained, scoredAt, samplers, join(folder, RUN_FILES.samples), warn);
  }
  return scored;
};
