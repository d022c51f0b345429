/** Bulk work of a model with first weights: 100,000 samples drawn, or as many digits encoded. Argument: sample|encode. */
import { capturedRunner } from "../../src/engine/capture/runner.ts";
import { loadEngine } from "../../src/engine/load.ts";
import { encodeRows, samplePrior } from "../../src/experiments/evaluation/generation.ts";
import { assembled, specOf } from "./assembled.mjs";
import { serve } from "./protocol.mjs";

const engine = await loadEngine("native", { threads: 2 });
const runner = capturedRunner(engine, { mode: "require" });

await serve(async ({ count, ...config }) => {
  const { model, store, dataset, initialValues } = await assembled(specOf({ ...config, net: "mlp", batch: 128 }));
  const trained = { model, store, dataset, seed: 1, parameters: initialValues, runner };
  const rows = Int32Array.from({ length: count }, (_, i) => i % dataset.sizes.train);
  const step = async () => {
    if (process.argv[2] === "sample")
      return (await samplePrior(trained, count, 1, {}, { draws: true, means: false })).draws.length;
    return (await encodeRows(trained, "train", rows)).codes.length;
  };
  step.about = { version: engine.version };
  return step;
});
