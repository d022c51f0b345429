/** Computations on a trained model: its parameters as state that nothing changes, a block of examples and a key as inputs. */

import type { Dataset, SplitName } from "../core/contracts/data.js";
import type { BlockRequest, MetricContext } from "../core/contracts/metric.js";
import type { Model } from "../core/contracts/model.js";
import { VaelabError } from "../core/errors.js";
import { blocksNoise, keyedNoise, type Noise } from "../core/noise-keys.js";
import type { Bindings, ParameterStore } from "../core/parameters.js";
import type { HostTensors, Program, ProgramRunner, RunningProgram } from "../core/program.js";
import { noiseKey } from "../core/rng.js";
import { batchOf } from "../core/training-program.js";
import { BLOCK, batchInputs, blocksOf, keyInput } from "./batches.js";

/** A program over fixed parameters. `body` runs with them bound, and with the noise of one block or of several: `keysInput`. */
export const parametersProgram = (
  name: string,
  store: ParameterStore,
  parameters: HostTensors,
  body: (inputs: Bindings, noise: Noise) => Bindings,
): Program => ({
  name,
  initialState: parameters,
  run: (state, inputs, { kernels }) => {
    const key = inputs.key!;
    const noise = key.rank === 2 ? blocksNoise(kernels, key, BLOCK) : keyedNoise(kernels, key);
    return { outputs: store.bind(state, () => body(inputs, noise)), state: {} };
  },
});

export interface Trained {
  model: Model;
  store: ParameterStore;
  dataset: Dataset;
  seed: number;
  parameters: HostTensors;
  runner: ProgramRunner;
}

/** Runs `call` and disposes of the program, whatever happens. */
export const withProgram = async <T>(
  runner: ProgramRunner,
  program: Program,
  call: (running: RunningProgram) => T | Promise<T>,
): Promise<T> => {
  const running = runner.start(program);
  try {
    return await call(running);
  } finally {
    running.dispose();
  }
};

/** Lets signals and progress through between long native calls. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const REFITTED = "refitted/";
/** A refitted encoder's values under names of their own, beside the frozen ones. */
const besides = (refitted: HostTensors): HostTensors =>
  Object.fromEntries(Object.entries(refitted).map(([name, value]) => [REFITTED + name, value]));
const refittedOf = (state: Bindings): Record<string, Bindings[string]> =>
  Object.fromEntries(
    Object.entries(state).flatMap(([name, value]) =>
      name.startsWith(REFITTED) ? [[name.slice(REFITTED.length), value]] : [],
    ),
  );

export const metricContext = (
  trained: Trained,
  split: SplitName,
  {
    refitted,
    progress,
    signal,
  }: {
    refitted?: () => Promise<HostTensors>;
    progress?: (name: string, done: number, total: number) => void;
    signal?: AbortSignal;
  },
): MetricContext => {
  const { model, store, dataset, seed, parameters, runner } = trained;
  const size = dataset.sizes[split];
  const rows = dataset.split(split, "evaluation");

  const blocks = async ({ name, repeats = 1, proposal = "trained", body, receive }: BlockRequest): Promise<void> => {
    if (proposal === "refitted" && !refitted)
      throw new VaelabError("CONTRACT", {
        message: `the metric "${name}" asks for a refitted encoder, but the spec for none`,
      });
    const copy = proposal === "refitted" && refitted ? besides(await refitted()) : {};
    const program: Program = {
      name,
      initialState: { ...parameters, ...copy },
      run: (state, inputs, tools) => {
        const noise = keyedNoise(tools.kernels, inputs.key!);
        const outputs = store.bind(state, () =>
          body(batchOf(inputs), noise, proposal === "refitted" ? refittedOf(state) : undefined),
        );
        return { outputs, state: {} };
      },
    };
    await withProgram(runner, program, async (running) => {
      const all = blocksOf(size);
      let done = 0;
      for (const [block, { start, rows: chosen }] of all.entries()) {
        const inputs = batchInputs(dataset, rows, chosen);
        for (let repeat = 0; repeat < repeats; repeat++) {
          signal?.throwIfAborted();
          const key = keyInput(noiseKey(seed, `evaluation/${split}/${name}/${repeat}`, block));
          const outputs = running.call({ ...inputs, key });
          receive(
            Object.fromEntries(
              Object.entries(outputs).map(([output, { shape, data }]) => [
                output,
                { shape, data: Float32Array.from(data) },
              ]),
            ),
            { start, size: chosen.length, repeat },
          );
          progress?.(name, ++done, all.length * repeats);
          await breathe();
        }
      }
    });
  };
  return { model, dataset, split, size, canRefit: refitted !== undefined, blocks };
};
