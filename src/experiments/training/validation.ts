/** The objective on the validation split, at its schedules' final values; no training state is read or changed but the weights. */
import type { Dataset } from "../../contracts/dataset.js";
import type { HostTensors, Program, ProgramRunner, RunningProgram } from "../../contracts/program.js";
import { batchOf, stepContext } from "../../inference/training-program.js";
import { noiseKey } from "../../numerics/streams.js";
import { keyedNoise } from "../../tensor/keyed-noise.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Assembled } from "./assemble.js";
import { batchInputs, blocksOf, keyInput, scalarInputs } from "./batches.js";

const validationProgram = ({ model, objective, store, initialValues }: Assembled, dataset: Dataset): Program => ({
  name: "validation",
  initialState: initialValues,
  run: (state, inputs, tools) => {
    const noise = keyedNoise(tools.kernels, inputs.key!);
    const context = stepContext(
      { model, trainingSize: dataset.sizes.train },
      { batch: batchOf(inputs), noise, training: false, inputs },
    );
    const { loss, terms } = store.bind(state, () => objective.phases[0]!.terms(context));
    return { outputs: { ...terms, loss } as Record<string, Tensor>, state: {} };
  },
});

export interface Validator {
  /** Each term of the first phase, averaged over the split. */
  validate(parameters: HostTensors): Record<string, number>;
  dispose(): void;
}

export const validator = (assembled: Assembled, dataset: Dataset, runner: ProgramRunner, seed: number): Validator => {
  const split = dataset.split("validation", "evaluation");
  const finals = scalarInputs(assembled.schedules.final());
  const running: RunningProgram = runner.start(validationProgram(assembled, dataset));
  return {
    validate: (parameters) => {
      running.writeState(parameters);
      const sums: Record<string, number> = {};
      for (const [block, { rows }] of blocksOf(split.size).entries()) {
        const outputs = running.call({
          ...batchInputs(dataset, split, rows),
          ...finals,
          key: keyInput(noiseKey(seed, "validation", block)),
        });
        for (const [name, { data }] of Object.entries(outputs)) sums[name] = (sums[name] ?? 0) + data[0]! * rows.length;
      }
      return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / split.size]));
    },
    dispose: () => running.dispose(),
  };
};
