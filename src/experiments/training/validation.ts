/**
 * Evaluates the objective on the validation split with the final values of its schedules. Of the training state it reads only
 * the weights and changes nothing.
 */
import type { Dataset } from "../../contracts/dataset.js";
import type { HostTensors, Program, ProgramRunner } from "../../contracts/program.js";
import { assertTerms } from "../../inference/checks.js";
import { batchOf, type StepInputs, stepContext } from "../../inference/step.js";
import { noiseKey } from "../../numerics/streams.js";
import { keyedNoise } from "../../tensor/keyed-noise.js";
import type { Bindings } from "../../tensor/parameters.js";
import type { Assembled } from "./assemble.js";
import { batchInputs, blocksOf, keyInput, scalarInputs } from "./batches.js";

const validationProgram = (
  { model, objective, store, initialValues }: Assembled,
  dataset: Dataset,
): Program<Bindings, StepInputs> => ({
  name: "validation",
  initialState: initialValues,
  run: (state, inputs, tools) => {
    const noise = keyedNoise(tools.kernels, inputs.key);
    const context = stepContext(
      { model, trainingSize: dataset.sizes.train },
      { batch: batchOf(inputs), noise, training: false, scalars: inputs.scalars },
    );
    const phase = objective.phases[0]!;
    const result = store.bind(state, () => phase.terms(context));
    assertTerms(phase.name, result);
    const { loss, terms } = result;
    return { outputs: { ...terms, loss }, state: {} };
  },
});

export interface Validator {
  /** Each term of the first phase, averaged over the split. */
  validate(parameters: HostTensors): Record<string, number>;
  dispose(): void;
}

export const validator = (assembled: Assembled, dataset: Dataset, runner: ProgramRunner, seed: number): Validator => {
  const split = dataset.split("validation", "evaluation");
  const scalars = scalarInputs(assembled.schedules.final());
  const running = runner.start(validationProgram(assembled, dataset));
  return {
    validate: (parameters) => {
      running.writeState(parameters);
      const sums: Record<string, number> = {};
      for (const [block, { rows }] of blocksOf(split.size).entries()) {
        const outputs = running.call({
          ...batchInputs(dataset, split, rows),
          scalars,
          key: keyInput(noiseKey(seed, "validation", block)),
        });
        for (const [name, { data }] of Object.entries(outputs)) sums[name] = (sums[name] ?? 0) + data[0]! * rows.length;
      }
      return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / split.size]));
    },
    dispose: () => running.dispose(),
  };
};
