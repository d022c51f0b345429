/** Scores a checkpoint: every metric of the spec, the refit that they share, and the pictures. Changes no training state. */
import { join } from "node:path";
import type { Figure, Metric } from "../core/contracts/metric.js";
import type { ResolvedSpec } from "../core/experiment-schema.js";
import type { HostTensors } from "../core/program.js";
import { writeFileAtomically } from "../core/run-folder/files.js";
import { RUN_FILES, type RunTradeoff } from "../core/run-folder/layout.js";
import { writeNpz } from "../core/run-folder/npz.js";
import type { Builder } from "../registry/build.js";
import { metricContext, type Trained } from "./evaluation-program.js";
import { writePictures } from "./pictures.js";
import { refitEncoder } from "./refit.js";
import { meter, type Reporter } from "./reporter.js";

export interface EvaluationRequest {
  spec: ResolvedSpec;
  trained: Trained;
  builder: Builder;
  checkpoint: { step: number; which: "best" | "last" };
  folder: string;
  /** Without: figures alone. */
  pictures?: boolean;
  reporter: Reporter;
  signal?: AbortSignal;
}

/** One refit, made when a metric first asks for it. */
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
    const optimizer = await builder.build(
      "optimizer",
      {
        type: "adam",
        learningRate: { type: "constant", value: learningRate },
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
      },
      "/evaluation/refit/optimizer",
      { optimizer: () => ({}), schedule: () => ({ totalSteps: 1 }) },
    );
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

export const evaluate = async (request: EvaluationRequest): Promise<RunTradeoff> => {
  const { spec, trained, builder, folder, pictures = true, reporter, signal, checkpoint } = request;
  const { split, metrics } = spec.evaluation;
  const refitted = refitOnce(request);
  const meters = new Map<string, ReturnType<typeof meter>>();
  const progress = (name: string, done: number, total: number): void => {
    if (!meters.has(name)) meters.set(name, meter(reporter, `measuring ${name}`, "block"));
    meters.get(name)!(done, total);
  };
  const context = metricContext(trained, split, { progress, ...(refitted && { refitted }), ...(signal && { signal }) });
  const figures: Record<string, Figure> = {};
  const perExample: Record<string, Float32Array> = {};
  for (const [index, fields] of metrics.entries()) {
    reporter.event({ type: "phase", name: `measuring ${fields.type}` });
    const metric: Metric = await builder.build("metric", fields, `/evaluation/metrics/${index}`, {
      metric: () => ({}),
    });
    const result = await metric.evaluate(context);
    Object.assign(figures, result.figures);
    Object.assign(perExample, result.perExample);
  }
  if (pictures) {
    reporter.event({ type: "phase", name: "drawing samples" });
    await writePictures(trained, split, join(folder, RUN_FILES.samples));
  }
  writeNpz(
    join(folder, RUN_FILES.perExample),
    Object.fromEntries(Object.entries(perExample).map(([name, data]) => [name, { shape: [data.length], data }])),
  );
  const tradeoff: RunTradeoff = { name: spec.name, seed: spec.seed, split, checkpoint, figures };
  writeFileAtomically(join(folder, RUN_FILES.tradeoff), `${JSON.stringify(tradeoff, null, 2)}\n`);
  return tradeoff;
};
