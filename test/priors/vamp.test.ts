import { beforeAll, describe, expect, it } from "vitest";
import { DiagonalGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { makeSite } from "../../src/inference/site.js";
import { vamp } from "../../src/priors/index.js";
import type { FieldSchema, Fields } from "../../src/tensor/fields.js";
import { type Bindings, ParameterStore } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { loadWritten } from "../../src/testing/experiment.js";
import fixtures from "../fixtures/distributions.json" with { type: "json" };
import { calling } from "../support/calls.js";
import { build, initialBindings, parameterGradients } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { differences, expectClose, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";
import { priorContext } from "./calls.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const { mixture } = fixtures;
const columns: FieldSchema = { kind: "vector", shape: [3], support: "real" };
const flat = (rows: readonly (readonly number[])[]): Float32Array => Float32Array.from(rows.flat());

/** q(z|x) = N(x, exp(l)): the encoder is the identity. */
const encodeWith =
  (logVariance: Tensor) =>
  ({ columns: x }: Fields): DiagonalGaussian =>
    new DiagonalGaussian(x!, logVariance);

describe("the VampPrior", () => {
  it("is the mixture of the posteriors of its pseudo-inputs, by SciPy's log-sum-exp", () => {
    const store = new ParameterStore();
    const examples = (): { columns: Float32Array } => ({ columns: flat(mixture.means) });
    const context = priorContext(store, { inputs: { columns }, examples });
    const prior = build(vamp, { components: 5, weights: "trained" }, context);
    const bindings = { ...initialBindings(store), "prior/logits": tensorOf(mixture.logits) };
    const encode = encodeWith(tensorOf(mixture.logVariances));
    const p = store.bind(bindings, () => prior.at({ parents: {}, encode, call: calling() }));
    expect([p.batchShape, p.eventShape]).toEqual([[], [3]]);
    expectClose(p.logProb(tensorOf(mixture.value)), mixture.logProb);
    expect(p.sample(noiseOf(engine), "z", [7]).shape).toEqual([7, 3]);
  });

  it("learns its pseudo-inputs, through the encoder, and its weights", () => {
    const store = new ParameterStore();
    const context = priorContext(store, { inputs: { columns } });
    const prior = build(vamp, { components: 4, weights: "trained", initial: "random" }, context);
    const scale = store.scope("encoder")("scale", [3], () => Float32Array.of(0.5, 1, 2));
    const encode = ({ columns: x }: Fields): DiagonalGaussian =>
      new DiagonalGaussian(tf.mul(tf.tanh(x!), scale.value), tf.zeros([4, 3]));
    const loss = (): Tensor =>
      tf.mean(prior.at({ parents: {}, encode, call: calling() }).logProb(tensorOf(mixture.value.slice(0, 4))));
    const bindings = initialBindings(store);
    const gradients = parameterGradients(store, bindings, loss);
    expect(Object.keys(gradients)).toEqual(["prior/pseudo-inputs/columns", "prior/logits", "encoder/scale"]);
    for (const [name, gradient] of Object.entries(gradients)) {
      const slopes = differences((moved) => store.bind({ ...bindings, [name]: moved }, loss), bindings[name]!);
      expectClose(tf.reshape(gradient, [-1]), valuesOf(slopes), 2e-3);
      expect(Math.max(...valuesOf(tf.abs(gradient)))).toBeGreaterThan(1e-3);
    }
  });

  it("with every example as a pseudo-input has the mean KL I(x; z): between 0 and ln N", () => {
    const N = 8;
    /** Mean KL of the posteriors N(d i, 1), i = 0 ... N - 1, to their own aggregate. */
    const information = (distance: number): number => {
      const store = new ParameterStore();
      const examples = (): { columns: Float32Array } => ({
        columns: Float32Array.from({ length: N }, (_, i) => i * distance),
      });
      const inputs = { columns: { ...columns, shape: [1] } };
      const prior = build(vamp, { components: N }, priorContext(store, { latent: [1], inputs, examples }));
      const encode = encodeWith(tf.zeros([N, 1]));
      const bindings = initialBindings(store);
      const p = store.bind(bindings, () => prior.at({ parents: {}, encode, call: calling() }));
      const q = encode({ columns: bindings["prior/pseudo-inputs/columns"]! });
      const kl = valuesOf(makeSite({ name: "z", q, p, noise: noiseOf(engine), samples: 4000 }).kl());
      // On the host, in float64: the wasm backend adds 32,000 numbers one after the other and loses three digits.
      return kl.reduce((sum, value) => sum + value, 0) / kl.length;
    };
    expect(information(0)).toBeCloseTo(0, 6);
    expect(information(40)).toBeCloseTo(Math.log(N), 5);
    const between = information(1);
    expect(between).toBeGreaterThan(0.3);
    // A Gaussian channel carries at most 1/2 ln(1 + variance), here of 0 ... 7: 5.25.
    expect(between).toBeLessThan(0.5 * Math.log(1 + 5.25));
  });

  const image: FieldSchema = { kind: "image", shape: [2, 2, 1], support: "binary" };
  /** What the encoder is shown, for parameters as they begin or as they are given. */
  const shown = (
    fields: Readonly<Record<string, unknown>>,
    inputs: Record<string, FieldSchema>,
    examples: Record<string, Float32Array>,
    moved: Bindings = {},
  ) => {
    const store = new ParameterStore();
    const prior = build(vamp, fields, priorContext(store, { inputs, examples: () => examples }));
    let seen: Fields = {};
    const encode = (x: Fields): DiagonalGaussian => {
      seen = x;
      const [first] = Object.values(x);
      return new DiagonalGaussian(tf.zeros([first!.shape[0]!, 3]), tf.zeros([3]));
    };
    store.bind({ ...initialBindings(store), ...moved }, () => prior.at({ parents: {}, encode, call: calling() }));
    return { seen, store };
  };
  const pixels = Float32Array.of(0, 1, 1, 0, 1, 1, 0, 0);

  it("begins as training examples: exactly by the hard tanh, nearly by the sigmoid", () => {
    const hard = shown({ components: 2 }, { image }, { image: pixels });
    expect(hard.seen.image!.shape).toEqual([2, 2, 2, 1]);
    expect(valuesOf(hard.seen.image!)).toEqual([...pixels]);
    const soft = shown({ components: 2, bound: "sigmoid" }, { image }, { image: pixels });
    expectClose(
      tf.reshape(soft.seen.image!, [8]),
      [...pixels].map((x) => 0.05 + 0.9 * x),
      1e-6,
    );
  });

  it("keeps pseudo-inputs of a [0, 1] field inside it, and leaves real ones alone", () => {
    const moved = {
      "prior/pseudo-inputs/image": tf.reshape(tensorOf([-3, -0.1, 0, 0.4, 1, 1.5, 9, 0.5]), [2, 2, 2, 1]),
    };
    const hard = shown({ components: 2 }, { image }, { image: pixels }, moved);
    expectClose(tf.reshape(hard.seen.image!, [8]), [0, 0, 0, 0.4, 1, 1, 1, 0.5], 1e-7);
    const soft = shown({ components: 2, bound: "sigmoid" }, { image }, { image: pixels }, moved);
    expectClose(
      tf.reshape(soft.seen.image!, [8]),
      [-3, -0.1, 0, 0.4, 1, 1.5, 9, 0.5].map((x) => 1 / (1 + Math.exp(-x))),
      1e-6,
    );
    const real = shown({ components: 2 }, { columns }, { columns: Float32Array.of(-3, 9, 0.5, 0, 1, 2) });
    expect(valuesOf(real.seen.columns!)).toEqual([-3, 9, 0.5, 0, 1, 2]);
  });

  it("has training examples as pseudo-inputs, as they are and not trained, if they are data", () => {
    const fields = { components: 2, pseudoInputs: "data", weights: "trained" };
    const label: FieldSchema = { kind: "label", shape: [], support: "categorical", classes: 10 };
    const examples = { image: pixels, columns: Float32Array.of(-3, 9, 0.5, 0, 1, 2), label: Float32Array.of(7, 3) };
    const { seen, store } = shown(fields, { image, columns, label }, examples);
    expect(Object.fromEntries(Object.entries(seen).map(([name, value]) => [name, valuesOf(value)]))).toEqual({
      image: [...pixels],
      columns: [...examples.columns],
      label: [7, 3],
    });
    expect(store.parameters.map(({ name, trainable }) => [name, trainable])).toEqual([
      ["prior/pseudo-inputs/image", false],
      ["prior/pseudo-inputs/columns", false],
      ["prior/pseudo-inputs/label", false],
      ["prior/logits", true],
    ]);
  });

  it("may begin as noise: near 0 for images as in the paper's code", () => {
    for (const bound of ["hard-tanh", "sigmoid"]) {
      const { seen } = shown({ components: 500, initial: "random", bound }, { image }, {});
      const { mean, variance } = tf.moments(seen.image!);
      expect(valuesOf(mean)[0]).toBeCloseTo(0.05, 2);
      expect(Math.max(...valuesOf(seen.image!))).toBeLessThan(0.1);
      expect(valuesOf(variance)[0]).toBeGreaterThan(0);
    }
  });

  it("keeps the labels of its examples, and does not train them", () => {
    const label: FieldSchema = { kind: "label", shape: [], support: "categorical", classes: 10 };
    const { seen, store } = shown({ components: 2 }, { image, label }, { image: pixels, label: Float32Array.of(7, 3) });
    expect(valuesOf(seen.label!)).toEqual([7, 3]);
    expect(store.parameters.map(({ name, trainable }) => [name, trainable])).toEqual([
      ["prior/pseudo-inputs/image", true],
      ["prior/pseudo-inputs/label", false],
    ]);
  });

  it("needs a posterior with a density", () => {
    const [requirement] = vamp.requires?.({ type: "vamp" }) ?? [];
    expect(requirement).toMatchObject({ kind: "posterior", capability: "evaluable" });
  });
});

it("refuses more pseudo-inputs than training examples at validation, unless they begin as noise", async () => {
  const written = (prior: object) =>
    loadWritten({ data: { type: "tiny" }, model: { prior: { type: "vamp", ...prior } } });
  await expect(written({ components: 13 })).rejects.toThrow(
    /\/model\/prior {2}the prior "vamp" is initialized from 13 training examples, but there are 12. Give it fewer/,
  );
  await written({ components: 13, initial: "random" });
});

it("refuses fields of learned pseudo-inputs where these are data", async () => {
  const written = (prior: object) => loadWritten({ model: { prior: { type: "vamp", components: 5, ...prior } } });
  await expect(written({ pseudoInputs: "data", initial: "random", bound: "sigmoid" })).rejects.toMatchObject({
    code: "SPEC_COMBINATION",
    message: expect.stringContaining('"initial": "random" and "bound": "sigmoid" would have no effect'),
  });
  await written({ pseudoInputs: "data" });
});
