/** A captured program computes what the same program computes eagerly. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Phase } from "../../../src/contracts/objective.js";
import type { Optimizer } from "../../../src/contracts/optimizer.js";
import type { Host, HostTensor, HostTensors, Program, ProgramRunner } from "../../../src/contracts/program.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import { scalarInput } from "../../../src/experiments/training/batches.js";
import type { StepInputs } from "../../../src/inference/step.js";
import type { TrainingProgram } from "../../../src/inference/training-program.js";
import { stream } from "../../../src/numerics/streams.js";
import { sgd } from "../../../src/optimizers/sgd.js";
import { zeros } from "../../../src/tensor/initializers.js";
import { type Scalar, type Tensor, tf } from "../../../src/tensor/tensor.js";
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { tensorsIn } from "../../support/groups.js";
import { adamAt, rate, vaeInputs, vaeProgram } from "./programs.js";

let captured: ProgramRunner;
let eager: ProgramRunner;
beforeAll(async () => {
  const engine = await useEngine();
  captured = capturedRunner(engine, { mode: "require" });
  eager = eagerRunner(engine.noise);
});

const expectSame = (actualGroups: object, expectedGroups: object, tolerance: number): void => {
  const [actual, expected] = [tensorsIn(actualGroups), tensorsIn(expectedGroups)];
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(actual[name]!.shape, name).toEqual(shape);
    expect(actual[name]!.data.constructor, name).toBe(data.constructor);
    data.forEach((value, i) => {
      const error = Math.abs(actual[name]!.data[i]! - value) / Math.max(1, Math.abs(value));
      expect(error, `${name}[${i}]: ${actual[name]!.data[i]} for ${value}`).toBeLessThanOrEqual(tolerance);
    });
  }
};

/** Runs both for some steps and compares every output and the final state. */
const expectEqualRuns = (program: TrainingProgram, steps: number, variantAt: (step: number) => string): void => {
  const a = captured.start(program);
  const b = eager.start(program);
  try {
    for (let step = 0; step < steps; step++) {
      const inputs = vaeInputs(step);
      expectSame(a.call(inputs, variantAt(step)), b.call(inputs, variantAt(step)), 1e-4);
    }
    expect(a.mode).toBe("captured");
    const moved = a.readState();
    expectSame(moved, b.readState(), 1e-4);
    const first = program.initialState.parameters["vae/hidden/weights"]!.data;
    expect(moved.parameters["vae/hidden/weights"]!.data.some((value, i) => Math.abs(value - first[i]!) > 1e-3)).toBe(
      true,
    );
  } finally {
    a.dispose();
    b.dispose();
  }
};

/** Pulls the output bias towards the hidden weights' sum: changes a variable that the ELBO's phase changes too. */
const second = (optimizer: Optimizer, every: number): Phase => ({
  name: "second",
  every,
  optimizer,
  variables: (name) => name === "vae/output/bias",
  terms: (step) => {
    const logits = tf.add(step.batch.fields.x!, bias());
    const loss: Scalar = tf.mean(tf.square(logits));
    return { loss, terms: {} };
  },
});
let bias: () => Tensor;

describe("training steps", () => {
  test("with an annealed weight", () => expectEqualRuns(vaeProgram(), 30, () => "elbo"));
  test("with clipped gradients", () => expectEqualRuns(vaeProgram({ clipNorm: 0.5 }), 30, () => "elbo"));
  test("with momentum", () => {
    const program = vaeProgram({
      optimizer: (learningRate) => build(sgd, { learningRate, momentum: 0.9, nesterov: true }, {}),
    });
    const faster = (step: number): Host<StepInputs> => {
      const inputs = vaeInputs(step);
      return { ...inputs, scalars: { ...inputs.scalars, rate: scalarInput(0.05) } };
    };
    const a = captured.start(program);
    const b = eager.start(program);
    for (let step = 0; step < 10; step++) expectSame(a.call(faster(step), "elbo"), b.call(faster(step), "elbo"), 1e-4);
    expectSame(a.readState(), b.readState(), 1e-4);
    a.dispose();
    b.dispose();
  });
  test("with an optimizer that has no fused op", () =>
    expectEqualRuns(
      vaeProgram({
        optimizer: (learningRate) => {
          const { fused: _fused, ...plain } = adamAt(learningRate);
          return plain;
        },
      }),
      30,
      () => "elbo",
    ));

  // Each pair: the phases fused or not, for then one of them assigns what the other updates in place.
  for (const [first, other] of [
    [true, true],
    [false, true],
    [true, false],
  ] as const)
    test(`of two phases, ${first ? "fused" : "plain"} then ${other ? "fused" : "plain"}, the second at every other step`, () => {
      const optimizerOf = (fused: boolean): Optimizer => {
        const { fused: op, ...plain } = adamAt(rate);
        return fused ? { ...plain, fused: op! } : plain;
      };
      const program = vaeProgram({
        optimizer: () => optimizerOf(first),
        phases: (store) => {
          bias = () => store.parameters.find(({ name }) => name === "vae/output/bias")!.value;
          return [second(optimizerOf(other), 2)];
        },
      });
      expectEqualRuns(program, 20, (step) => (step % 2 === 0 ? "elbo+second" : "elbo"));
    });

  test("with a moving average", () => {
    const program = vaeProgram({
      hook: (h, store) => {
        const average = store.parameters.find(({ name }) => name === "average")!;
        average.assign(tf.add(tf.mul(average.value, 0.9), tf.mul(tf.mean(h, 0), 0.1)));
        return tf.relu(tf.sub(h, average.value));
      },
      declare: (scope) => scope("average", [8], zeros, { trainable: false }),
    });
    expectEqualRuns(program, 20, () => "elbo");
    const running = captured.start(program);
    for (let step = 0; step < 3; step++) running.call(vaeInputs(step), "elbo");
    expect(running.readState().parameters.average!.data.every((value) => value !== 0)).toBe(true);
    running.dispose();
  });
});

const real = (name: string, shape: number[]): HostTensor => {
  const random = stream(11, name);
  return { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * random() - 1) };
};
const integers = (shape: number[], data: number[]): HostTensor => ({ shape, data: Int32Array.from(data) });

type Body = (inputs: Readonly<Record<string, Tensor>>) => Tensor;
const OPS: Readonly<Record<string, Body>> = {
  dense: ({ x, w }) => tf.matMul(x!, w!),
  "dense, transposed": ({ x, w }) => tf.matMul(w!, x!, true, true),
  "batched product": ({ image }) =>
    tf.matMul(
      tf.squeeze(tf.slice(image!, [0, 0, 0, 0], [-1, -1, -1, 1]), [3]),
      tf.squeeze(tf.slice(image!, [0, 0, 0, 1], [-1, -1, -1, 1]), [3]),
    ),
  convolution: ({ image, filter }) => tf.conv2d(image as never, filter as never, 2, "same"),
  "transposed convolution": ({ image, filter }) =>
    tf.conv2dTranspose(image as never, tf.transpose(filter!, [0, 1, 3, 2]) as never, [2, 8, 8, 4], 2, "same"),
  "depthwise convolution": ({ image }) =>
    tf.depthwiseConv2d(image as never, tf.ones([2, 2, 3, 1]) as never, 1, "valid"),
  pooling: ({ image }) => tf.maxPool(image as never, 2, 2, "same"),
  "batch norm": ({ x }) => {
    const { mean, variance } = tf.moments(x!, 0);
    return tf.batchNorm(x!, mean, variance, tf.zerosLike(mean), tf.onesLike(mean), 1e-3);
  },
  "layer norm": ({ x }) => {
    const { mean, variance } = tf.moments(x!, -1, true);
    return tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  },
  "squared norm": ({ x }) => tf.sqrt(tf.sum(tf.square(x!))),
  "sum of squares along an axis": ({ x }) => tf.sum(tf.square(x!), 0),
  "log-sum-exp": ({ x }) => tf.logSumExp(x!, 1),
  softmax: ({ x }) => tf.softmax(x!),
  embedding: ({ w, classes }) => tf.gather(w!, classes as never),
  "one-hot": ({ x, classes }) => tf.mul(tf.oneHot(classes as never, 3), tf.slice(x!, [0, 0], [4, 3])),
  "where and comparison": ({ x }) => tf.where(tf.greater(x!, 0), tf.exp(x!), tf.neg(x!)),
  "expand and broadcast": ({ x }) => tf.broadcastTo(tf.expandDims(x!, 1), [4, 2, 3]),
  "split and concat": ({ x }) => tf.concat(tf.split(x!, 3, 1).reverse(), 1),
  "stack, unstack and tile": ({ x }) => tf.tile(tf.stack(tf.unstack(x!, 1), 0), [2, 1]),
  "pad, reverse and transpose": ({ x }) =>
    tf.transpose(
      tf.reverse(
        tf.pad(x! as never, [
          [1, 0],
          [0, 2],
        ]),
        1,
      ),
    ),
  "cumulative sum": ({ x }) => tf.cumsum(x!, 1),
  activations: ({ x }) =>
    tf.addN([tf.elu(x!), tf.softplus(x!), tf.sigmoid(x!), tf.tanh(x!), tf.leakyRelu(x!), tf.selu(x!), tf.erf(x!)]),
  "clip, extrema and powers": ({ x }) =>
    tf.pow(tf.clipByValue(tf.maximum(x!, tf.minimum(tf.abs(x!), 0.5)), 0.1, 0.9), 1.5),
  resizing: ({ image }) => tf.image.resizeBilinear(image as never, [7, 7]),
};

describe("ops, with their gradients", () => {
  const inputs: HostTensors = {
    x: real("x", [4, 3]),
    w: real("w", [3, 5]),
    image: real("image", [2, 4, 4, 3]),
    filter: real("filter", [3, 3, 3, 4]),
    classes: integers([4], [2, 0, 1, 2]),
  };
  for (const [name, body] of Object.entries(OPS))
    test(name, () => {
      const program: Program = {
        name,
        initialState: {},
        run: (_state, given) => {
          const { x, w, image, filter } = given as Record<string, Tensor>;
          const values = [x!, w!, image!, filter!];
          const f = (...[x, w, image, filter]: Tensor[]): Tensor =>
            body({ x: x!, w: w!, image: image!, filter: filter!, classes: given.classes! });
          const y = f(...values);
          // Weights that differ from element to element, or the gradient of a softmax would be zero.
          const weights = tf.reshape(tf.cos(tf.range(0, y.size)), y.shape);
          const slopes = tf.grads((...args: Tensor[]) =>
            tf.add(tf.sum(tf.mul(f(...args), weights)), tf.mul(1e-3, tf.addN(args.map((arg) => tf.sum(arg))))),
          )(values);
          const names = ["x", "w", "image", "filter"];
          return { outputs: { y, ...Object.fromEntries(slopes.map((slope, i) => [names[i]!, slope])) }, state: {} };
        },
      };
      const a = captured.start(program);
      const b = eager.start(program);
      expectSame(a.call(inputs), b.call(inputs), 1e-5);
      const others = { ...inputs, x: real("other", [4, 3]), classes: integers([4], [1, 2, 0, 0]) };
      expectSame(a.call(others), b.call(others), 1e-5);
      a.dispose();
      b.dispose();
    });
});

test("outputs of every type and size, and an input handed back", () => {
  const program: Program = {
    name: "outputs",
    initialState: { held: integers([2], [3, 4]) },
    run: ({ held }, { x, n }) => ({
      outputs: {
        scalar: tf.sum(x!),
        large: tf.outerProduct(tf.reshape(x!, [-1]) as never, tf.reshape(x!, [-1]) as never),
        matrix: tf.mul(x!, 2),
        integer: tf.add(n!, held!),
        mask: tf.greater(x!, 0),
        same: x!,
        constant: tf.scalar(7),
      },
      state: { held: n! },
    }),
  };
  const inputs = { x: real("x", [4, 3]), n: integers([2], [8, 9]), unused: real("unused", [2]) };
  const a = captured.start(program);
  const b = eager.start(program);
  for (let i = 0; i < 2; i++) {
    expectSame(a.call(inputs), b.call(inputs), 1e-6);
    expectSame(a.readState(), { held: inputs.n }, 0);
  }
  a.dispose();
  b.dispose();
});
