/** A trained model as metrics meet it: blocks of examples whose noise is fixed by block, and what metrics of samples compare. */
import type { SplitName } from "../core/contracts/data.js";
import type { BlockRequest, FeatureExtractor, MetricContext } from "../core/contracts/metric.js";
import { VaelabError } from "../core/errors.js";
import { keyedNoise } from "../core/noise-keys.js";
import type { Bindings } from "../core/parameters.js";
import type { HostTensors, Program } from "../core/program.js";
import { noiseKey } from "../core/rng.js";
import { batchOf } from "../core/training-program.js";
import { batchInputs, blocksOf, keyInput } from "./batches.js";
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
  { extractor, refitted, progress, signal, dataSeed = 0, samplers = [], warn = console.warn }: MetricServices,
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
    sampling: samplingContext(trained, split, { dataSeed, samplers, warn }),
    extractor: extractor ?? noExtractor,
    canRefit: refitted !== undefined,
    blocks,
  };
};
