/** Runs a metric's computation over a split, block after block of examples, with noise that is fixed by block and repeat. */
import type { SplitName } from "../../contracts/dataset.js";
import type { BlockRequest, MetricContext } from "../../contracts/metric.js";
import type { HostTensors, Program, RunningProgram } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { batchOf, type KeyedBatch } from "../../inference/step.js";
import { mapValues } from "../../numerics/records.js";
import { noiseKey } from "../../numerics/streams.js";
import { sizeOf } from "../../tensor/fields.js";
import { keyedNoise } from "../../tensor/keyed-noise.js";
import type { Bindings } from "../../tensor/parameters.js";
import { tf } from "../../tensor/tensor.js";
import { batchInputs, blocksOf, keysInput } from "../training/batches.js";
import { breathe, type Trained, withProgram } from "./evaluation-program.js";

/**
 * Maximum values per example for several repeats in one call. The graph then computes shared parts, such as the encoder,
 * once. For larger examples one repeat saturates the machine, and several would fill its memory.
 */
const REPEATS = 5;
const SMALL_EXAMPLE = 2 ** 11;

interface BlockState {
  parameters: Bindings;
  /** Parameters of a refitted encoder, if that one infers. */
  refitted?: Bindings;
}
/** Outputs of the metric by repeat, "0", "1", ... */
type RepeatedOutputs = Readonly<Record<string, Bindings>>;

const blockProgram = (
  { store, parameters }: Trained,
  { name, body }: BlockRequest,
  refitted: HostTensors | undefined,
): Program<BlockState, KeyedBatch, RepeatedOutputs> => ({
  name,
  initialState: { parameters, ...(refitted && { refitted }) },
  run: (state, inputs, { kernels }) => {
    const keys = inputs.key.rank === 2 ? tf.unstack(inputs.key) : [inputs.key];
    const repeat = (key: (typeof keys)[number]): Bindings =>
      tf.tidy(() =>
        store.bind(state.parameters, () => body(batchOf(inputs), keyedNoise(kernels, key), state.refitted)),
      );
    return { outputs: Object.fromEntries(keys.map((key, i) => [i, repeat(key)])), state: {} };
  },
});

export interface BlockServices {
  /** Parameters of the refitted encoder; none without a refit in the spec. */
  refitted?: () => Promise<HostTensors>;
  progress?: (name: string, done: number, total: number) => void;
  signal?: AbortSignal;
}

/** @throws CONTRACT if a metric requests a refitted encoder that does not exist */
export const blockRunner = (
  trained: Trained,
  split: SplitName,
  { refitted, progress, signal }: BlockServices,
): MetricContext["blocks"] => {
  const { dataset, seed, runner } = trained;
  const size = dataset.sizes[split];
  const rows = dataset.split(split, "evaluation");
  const values = Object.values(dataset.fields).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const repeatsInCall = values <= SMALL_EXAMPLE ? REPEATS : 1;

  const runAll = async (
    { name, repeats = 1, receive }: BlockRequest,
    running: RunningProgram<BlockState, KeyedBatch, RepeatedOutputs>,
  ): Promise<void> => {
    const all = blocksOf(size);
    let done = 0;
    for (const [block, { start, rows: chosen }] of all.entries()) {
      const inputs = batchInputs(dataset, rows, chosen);
      for (let first = 0; first < repeats; first += repeatsInCall) {
        signal?.throwIfAborted();
        const group = Array.from({ length: Math.min(repeatsInCall, repeats - first) }, (_, i) => first + i);
        const key = keysInput(group.map((repeat) => noiseKey(seed, `evaluation/${split}/${name}/${repeat}`, block)));
        const outputs = running.call({ ...inputs, key });
        for (const [i, repeat] of group.entries()) {
          const ofRepeat = mapValues(outputs[i] ?? {}, ({ shape, data }) => ({ shape, data: Float32Array.from(data) }));
          await receive(ofRepeat, { start, size: chosen.length, repeat });
        }
        done += group.length;
        progress?.(name, done, all.length * repeats);
        await breathe();
      }
    }
  };

  return async (request) => {
    const isRefitted = request.proposal === "refitted";
    if (isRefitted && !refitted)
      throw new VaelabError("CONTRACT", {
        message: `the metric "${request.name}" asks for a refitted encoder, but the spec for none`,
      });
    const copy = isRefitted ? await refitted?.() : undefined;
    await withProgram(runner, blockProgram(trained, request, copy), (running) => runAll(request, running));
  };
};
