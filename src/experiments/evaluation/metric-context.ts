/** A trained model as metrics meet it: blocks of examples whose noise is fixed by block, and what metrics of samples compare. */
import type { SplitName } from "../../contracts/dataset.js";
import type { BlockRequest, FeatureExtractor, MetricContext } from "../../contracts/metric.js";
import type { HostTensors, Program } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { batchOf } from "../../inference/training-program.js";
import { noiseKey } from "../../numerics/streams.js";
import { sizeOf } from "../../tensor/fields.js";
import { keyedNoise } from "../../tensor/keyed-noise.js";
import type { Bindings } from "../../tensor/parameters.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { batchInputs, blocksOf, keysInput } from "../training/batches.js";
import { diskCache } from "./disk-cache.js";
import { breathe, type Trained, withProgram } from "./evaluation-program.js";
import { type SamplingOptions, samplingContext } from "./sampling.js";

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

/**
 * Repeats in one call, where examples have no more values than this: a graph computes once what they have in common, such as the
 * encoder. One repeat of large ones keeps the machine busy, and several would fill its memory.
 */
const TOGETHER = 5;
const SMALL_EXAMPLE = 2 ** 11;

export interface MetricServices extends Partial<SamplingOptions> {
  /** For metrics that need one. */
  extractor?: () => Promise<FeatureExtractor>;
  refitted?: () => Promise<HostTensors>;
  progress?: (name: string, done: number, total: number) => void;
  signal?: AbortSignal;
}

export const metricContext = (
  trained: Trained,
  split: SplitName,
  {
    extractor,
    refitted,
    progress,
    signal,
    dataSeed = 0,
    samplers = [],
    cache = diskCache,
    warn = console.warn,
  }: MetricServices,
): MetricContext => {
  const { model, store, dataset, seed, parameters, runner } = trained;
  const size = dataset.sizes[split];
  const rows = dataset.split(split, "evaluation");
  const values = Object.values(dataset.fields).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const together = values <= SMALL_EXAMPLE ? TOGETHER : 1;

  const blocks = async ({ name, repeats = 1, proposal = "trained", body, receive }: BlockRequest): Promise<void> => {
    if (proposal === "refitted" && !refitted)
      throw new VaelabError("CONTRACT", {
        message: `the metric "${name}" asks for a refitted encoder, but the spec for none`,
      });
    const copy = proposal === "refitted" && refitted ? besides(await refitted()) : {};
    const program: Program = {
      name,
      initialState: { ...parameters, ...copy },
      run: (state, inputs, { kernels }) => {
        const keys = inputs.key!.rank === 2 ? tf.unstack(inputs.key!) : [inputs.key!];
        const copied = proposal === "refitted" ? refittedOf(state) : undefined;
        const outputs = keys.map((key, i) => {
          const ofRepeat = tf.tidy(() =>
            store.bind(state, () => body(batchOf(inputs), keyedNoise(kernels, key), copied)),
          );
          return Object.entries(ofRepeat).map(([output, value]): [string, Tensor] => [`${i}/${output}`, value]);
        });
        return { outputs: Object.fromEntries(outputs.flat()), state: {} };
      },
    };
    await withProgram(runner, program, async (running) => {
      const all = blocksOf(size);
      let done = 0;
      for (const [block, { start, rows: chosen }] of all.entries()) {
        const inputs = batchInputs(dataset, rows, chosen);
        for (let first = 0; first < repeats; first += together) {
          signal?.throwIfAborted();
          const group = Array.from({ length: Math.min(together, repeats - first) }, (_, i) => first + i);
          const key = keysInput(group.map((repeat) => noiseKey(seed, `evaluation/${split}/${name}/${repeat}`, block)));
          const outputs = Object.entries(running.call({ ...inputs, key }));
          for (const [i, repeat] of group.entries()) {
            const ofRepeat = outputs.filter(([output]) => output.startsWith(`${i}/`));
            receive(
              Object.fromEntries(
                ofRepeat.map(([output, { shape, data }]) => [
                  output.slice(output.indexOf("/") + 1),
                  { shape, data: Float32Array.from(data) },
                ]),
              ),
              { start, size: chosen.length, repeat },
            );
          }
          done += group.length;
          progress?.(name, done, all.length * repeats);
          await breathe();
        }
      }
    });
  };
  const noExtractor = () => {
    throw new VaelabError("CONTRACT", {
      message: 'a metric asks for a feature extractor and does not say so in "needs"',
    });
  };
  return {
    model,
    dataset,
    split,
    size,
    sampling: samplingContext(trained, split, { dataSeed, samplers, cache, warn }),
    extractor: extractor ?? noExtractor,
    canRefit: refitted !== undefined,
    blocks,
  };
};
