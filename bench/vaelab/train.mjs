/**
 * One training step of vaelab, all of it: rows read, inputs fed, the program called, outputs checked. Arguments: captured|eager,
 * threads.
 */

import { capturedRunner } from "../../src/engine/capture/runner.ts";
import { loadEngine } from "../../src/engine/load.ts";
import { keyInput, scalarInputs } from "../../src/experiments/training/batches.ts";
import { assertFinite } from "../../src/experiments/training/finite.ts";
import { residentSplit } from "../../src/experiments/training/resident-split.ts";
import { listTerms } from "../../src/inference/logged-terms.ts";
import { phasesDue, trainingProgram } from "../../src/inference/training-program.ts";
import { noiseKey, permutation, stream } from "../../src/numerics/streams.ts";
import { sizeOf } from "../../src/tensor/fields.ts";
import { assembled, specOf } from "./assembled.mjs";
import { serve } from "./protocol.mjs";

const engine = await loadEngine("native", { threads: Number(process.argv[3] ?? 2) });
const runner = capturedRunner(engine, { mode: process.argv[2] === "eager" ? "never" : "require" });
let running;

await serve(async (config) => {
  running?.dispose();
  const parts = await assembled(specOf(config));
  const { spec, dataset, objective, schedules, store } = parts;
  const trainable = store.parameters.filter((each) => each.trainable);
  const split = dataset.split("train", "training");
  const batches = residentSplit(dataset, "train", "training");
  running = runner.start(batches.program(trainingProgram({ ...parts, trainingSize: split.size })));
  const perEpoch = Math.floor(split.size / config.batch);
  let order;
  let at = 0;
  const step = () => {
    const inEpoch = at % perEpoch;
    if (inEpoch === 0) order = permutation(split.size, stream(spec.seed, `order/${at / perEpoch}`));
    const outputs = running.call(
      {
        ...batches.inputs(order.slice(inEpoch * config.batch, (inEpoch + 1) * config.batch)),
        scalars: scalarInputs(schedules.at(at)),
        key: keyInput(noiseKey(spec.seed, "noise", at)),
      },
      phasesDue(objective, at),
    );
    assertFinite(Object.values(outputs).flatMap(listTerms), spec, { step: at, saved: undefined, dataset });
    at++;
    return outputs.elbo?.loss?.data[0];
  };
  const started = performance.now();
  step();
  step.about = {
    version: engine.version,
    firstStep: performance.now() - started,
    parameters: trainable.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  };
  step.report = () => ({ rssMiB: process.memoryUsage.rss() / 1048576, tensors: engine.tf.memory().numTensors });
  return step;
});
