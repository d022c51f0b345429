/**
 * The metric iwae-nll on 100 digits, capture included, of a model trained for 120 steps. Its weights and the digits are left in
 * a folder, so that peers score the same model on the same digits. Argument: the folder.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capturedRunner } from "../../src/engine/capture/runner.ts";
import { loadEngine } from "../../src/engine/load.ts";
import { metricContext } from "../../src/experiments/evaluation/metric-context.ts";
import { batchInputs, keyInput, scalarInputs } from "../../src/experiments/training/batches.ts";
import { phasesDue, trainingProgram } from "../../src/inference/training-program.ts";
import { iwaeNll } from "../../src/metrics/likelihood/iwae-nll.ts";
import { noiseKey, permutation, stream } from "../../src/numerics/streams.ts";
import { DATA } from "../data.mjs";
import { assembled, specOf } from "./assembled.mjs";
import { serve } from "./protocol.mjs";

const engine = await loadEngine("native", { threads: 2 });
const runner = capturedRunner(engine, { mode: "require" });
const folder = process.argv[2];
const BATCH = 128;

const trainBriefly = ({ spec, dataset, objective, schedules, ...parts }) => {
  const split = dataset.split("train", "training");
  const running = runner.start(trainingProgram({ ...parts, objective, trainingSize: split.size }));
  const order = permutation(split.size, stream(1, "order/0"));
  for (let at = 0; at < 120; at++) {
    const rows = order.slice((at % 60) * BATCH, ((at % 60) + 1) * BATCH);
    const key = keyInput(noiseKey(spec.seed, "noise", at));
    const scalars = scalarInputs(schedules.at(at));
    running.call({ ...batchInputs(dataset, split, rows), scalars, key }, phasesDue(objective, at));
  }
  const { parameters } = running.readState();
  running.dispose();
  return parameters;
};

const write = (name, { buffer, byteOffset, byteLength }) =>
  writeFileSync(join(folder, name), new Uint8Array(buffer, byteOffset, byteLength));

await serve(async ({ digits, samples, ...config }) => {
  const spec = { ...specOf({ ...config, net: "mlp", batch: BATCH }), data: { ...DATA, test: digits } };
  const parts = await assembled(spec);
  const { dataset, model, store } = parts;
  const parameters = trainBriefly(parts);
  mkdirSync(folder, { recursive: true });
  for (const [name, { data }] of Object.entries(parameters)) write(`${name.replaceAll("/", ".")}.f32`, data);
  const all = Int32Array.from({ length: digits }, (_, i) => i);
  write("images.f32", dataset.split("test", "evaluation").read(all).image);
  const metric = iwaeNll.create({ samples }, {});
  const step = async () => {
    const context = metricContext({ model, store, dataset, seed: 1, parameters, runner }, "test", {});
    return (await metric.evaluate(context)).measurements.find(({ figure }) => figure === "nll").value;
  };
  step.about = { version: engine.version };
  return step;
});
