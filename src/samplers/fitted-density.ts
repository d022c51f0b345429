/** Fits a density with trained parameters to rows by maximum likelihood, in programs of its own; then draws from it and scores rows. */
import type { Distribution } from "../contracts/distribution.js";
import type { Optimizer } from "../contracts/optimizer.js";
import type { HostTensor, HostTensors, Program, ProgramRunner } from "../contracts/program.js";
import { VaelabError } from "../errors.js";
import { trainingProgram } from "../inference/training-program.js";
import { withoutLatents } from "../inference/without-latents.js";
import { type Points, pointsOf, selectRows } from "../numerics/points.js";
import { permutation, type Stream } from "../numerics/streams.js";
import { keyedNoise, type Noise } from "../tensor/keyed-noise.js";
import { type Bindings, type ParameterScope, ParameterStore } from "../tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../tensor/tensor.js";

/** A density with parameters, which it reads when it is called. */
export interface TrainedDensity {
  /** @param spread of its base: 1 as fitted */
  at(noise: Noise, spread: number): Pick<Distribution, "sample" | "logProb">;
  /** What is maximized, [N], where that is not `logProb`. */
  bound?(noise: Noise, rows: Tensor): Tensor;
}

export interface FittedDensity {
  density: TrainedDensity;
  store: ParameterStore;
  parameters: HostTensors;
  runner: ProgramRunner;
}
/** The fields of the training. */
export const FITTING = {
  epochs: { type: "integer", minimum: 1, maximum: 10000, default: 50, description: "Passes over the codes" },
  batchSize: { type: "integer", minimum: 1, default: 100, description: "Codes per step" },
  optimizer: {
    type: "object",
    component: "optimizer",
    default: { type: "adam" },
    description: "Optimizer; its first learning rate decays to 0 by a cosine",
  },
} as const;

export interface FitOptions {
  runner: ProgramRunner;
  training: { epochs: number; batchSize: number; optimizer: Optimizer };
  declare(parameters: ParameterScope): TrainedDensity | Promise<TrainedDensity>;
}

/** Rows of a call that draws or scores. */
const BLOCK = 500;
const MODELED = "codes";

const integer = (uniform: Stream): number => Math.floor(uniform() * 2 ** 31);
const keyOf = (uniform: Stream): HostTensor => ({
  shape: [2],
  data: Int32Array.of(integer(uniform), integer(uniform)),
});
const tensorOf = ({ values, n, width }: Points): HostTensor => ({ shape: [n, width], data: values });
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const boundOf = (density: TrainedDensity, noise: Noise, rows: Tensor): Tensor =>
  density.bound?.(noise, rows) ?? density.at(noise, 1).logProb(rows);

const fittingProgram = (
  { width, n }: Points,
  {
    density,
    store,
    parameters,
    optimizer,
  }: Pick<FittedDensity, "density" | "store" | "parameters"> & { optimizer: Optimizer },
) =>
  trainingProgram({
    model: withoutLatents({
      fields: { [MODELED]: { kind: "vector", shape: [width], support: "real" } },
      modeled: MODELED,
    }),
    store,
    optimizer,
    trainingSize: n,
    initialValues: parameters,
    objective: {
      phases: [
        {
          name: "fit",
          every: 1,
          variables: () => true,
          terms: ({ batch, noise }) => ({
            loss: tf.neg(tf.mean<Scalar>(boundOf(density, noise, batch.fields[MODELED]!))),
            terms: {},
          }),
        },
      ],
    },
  });

/**
 * @param rowsOf the rows of each epoch, as many in each
 * @throws DIVERGED where the loss is not finite
 */
export const fitDensity = async (
  rowsOf: (epoch: number) => Points | Promise<Points>,
  uniform: Stream,
  { runner, training: { epochs, batchSize, optimizer }, declare }: FitOptions,
): Promise<FittedDensity> => {
  const first = await rowsOf(0);
  const store = new ParameterStore();
  const density = await declare(store.scope());
  const fitted = { density, store, parameters: store.initialValues(integer(uniform)), runner };
  const running = runner.start(fittingProgram(first, { ...fitted, optimizer }));
  try {
    const size = Math.min(batchSize, first.n);
    const stepsPerEpoch = Math.floor(first.n / size);
    const total = epochs * stepsPerEpoch;
    const { learningRate } = optimizer;
    for (let step = 0; step < total; ) {
      const epoch = step / stepsPerEpoch;
      const rows = epoch === 0 ? first : await rowsOf(epoch);
      const order = permutation(rows.n, uniform);
      for (let at = 0; at < stepsPerEpoch; at++, step++) {
        const batch = order.slice(at * size, (at + 1) * size);
        const rate = (learningRate.at(0) * (1 + Math.cos((Math.PI * step) / total))) / 2;
        const { fit } = running.call(
          {
            fields: { [MODELED]: tensorOf(selectRows(rows, batch)) },
            index: { shape: [size], data: batch },
            scalars: { [learningRate.name]: { shape: [], data: Float32Array.of(rate) } },
            key: keyOf(uniform),
          },
          "fit",
        );
        const loss = fit!.loss.data[0]!;
        if (!Number.isFinite(loss))
          throw new VaelabError("DIVERGED", {
            message: `the density of the codes diverged at step ${step} of ${total}: its loss became ${loss}`,
            remedy: "Lower the learning rate of the sampler's optimizer.",
          });
        if (step % 20 === 0) await breathe();
      }
    }
    return { ...fitted, parameters: running.readState().parameters };
  } finally {
    running.dispose();
  }
};

/** Calls a program over the fitted parameters block by block; the last block has surplus rows. */
const inBlocks = <Inputs extends { key: Tensor }>(
  { density, store, parameters, runner }: FittedDensity,
  count: number,
  body: (density: TrainedDensity, inputs: Inputs, noise: Noise) => Tensor,
  inputsOf: (start: number) => Record<string, HostTensor>,
): Float32Array => {
  const program: Program<Bindings, Inputs, { rows: Tensor }> = {
    name: "density of codes",
    initialState: parameters,
    run: (state, inputs, { kernels }) => {
      const noise = keyedNoise(kernels, inputs.key);
      return { outputs: { rows: store.bind(state, () => body(density, inputs, noise)) }, state: {} };
    },
  };
  const running = runner.start(program);
  try {
    const blocks = Array.from({ length: Math.ceil(count / BLOCK) }, (_, block) => {
      const { rows } = running.call(inputsOf(block * BLOCK) as never) as unknown as { rows: HostTensor };
      return Array.from(rows.data);
    });
    return Float32Array.from(blocks.flat());
  } finally {
    running.dispose();
  }
};

export const drawRows = (
  fitted: FittedDensity,
  count: number,
  width: number,
  { uniform, spread }: { uniform: Stream; spread: number },
): Points => {
  const values = inBlocks<{ key: Tensor }>(
    fitted,
    count,
    (density, _, noise) => density.at(noise.fork("density"), spread).sample(noise, MODELED, [BLOCK]),
    () => ({ key: keyOf(uniform) }),
  );
  return pointsOf(values.slice(0, count * width), width);
};

/** ln p of each row, in nats. */
export const scoreRows = (fitted: FittedDensity, rows: Points, spread: number): Float64Array => {
  const { width, n, values } = rows;
  const scores = inBlocks<{ key: Tensor; rows: Tensor }>(
    fitted,
    n,
    (density, inputs, noise) => density.at(noise, spread).logProb(inputs.rows),
    (start) => {
      const block = new Float32Array(BLOCK * width);
      block.set(values.subarray(start * width, (start + BLOCK) * width));
      return {
        key: { shape: [2], data: Int32Array.of(0, start / BLOCK) },
        rows: { shape: [BLOCK, width], data: block },
      };
    },
  );
  return Float64Array.from(scores.slice(0, n));
};
