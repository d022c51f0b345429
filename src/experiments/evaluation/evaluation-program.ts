/** Computations on a trained model: constant parameters as state, a block of examples and a noise key as inputs. */

import type { Model } from "../../contracts/model.js";
import type { HostTensors, Program, ProgramRunner, RunningProgram } from "../../contracts/program.js";
import { blocksNoise, keyedNoise, type Noise } from "../../tensor/keyed-noise.js";
import type { Bindings, ParameterStore } from "../../tensor/parameters.js";
import type { Tensor } from "../../tensor/tensor.js";
import { BLOCK } from "../training/batches.js";
import type { RunDataset } from "../training/kept-data.js";

/**
 * A program over fixed parameters. `body` runs with them bound, and with the noise of one or several blocks (`keysInput`).
 */
export const parametersProgram = <Inputs extends { key: Tensor }, Outputs>(
  name: string,
  store: ParameterStore,
  parameters: HostTensors,
  body: (inputs: Inputs, noise: Noise) => Outputs,
): Program<Bindings, Inputs, Outputs> => ({
  name,
  initialState: parameters,
  run: (state, inputs, { kernels }) => {
    const { key } = inputs;
    const noise = key.rank === 2 ? blocksNoise(kernels, key, BLOCK) : keyedNoise(kernels, key);
    return { outputs: store.bind(state, () => body(inputs, noise)), state: {} };
  },
});

export interface Trained {
  model: Model;
  store: ParameterStore;
  dataset: RunDataset;
  seed: number;
  parameters: HostTensors;
  runner: ProgramRunner;
  /** Whether its objective makes the codes follow the prior even under a posterior without density. */
  matchesPrior?: boolean;
}

/** Runs `call` and always disposes of the program. */
export const withProgram = async <T, State, Inputs, Outputs>(
  runner: ProgramRunner,
  program: Program<State, Inputs, Outputs>,
  call: (running: RunningProgram<State, Inputs, Outputs>) => T | Promise<T>,
): Promise<T> => {
  const running = runner.start(program);
  try {
    return await call(running);
  } finally {
    running.dispose();
  }
};

/** Yields to signals and progress between long native calls. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
