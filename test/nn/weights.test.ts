/** Normalized weights against PyTorch and NumPy (test/oracles/normalized_weights.py), and when their statistics move. */
import { beforeAll, describe, expect, it } from "vitest";
import { builtins } from "../../src/builtins.js";
import type { Engine } from "../../src/engine/engine.js";
import * as decoders from "../../src/models/decoders/index.js";
import * as encoders from "../../src/models/encoders/index.js";
import { conv2d, conv2dTranspose, dense, type WeightOptions } from "../../src/nn/index.js";
import { schemaNode } from "../../src/registry/components/schema-nodes.js";
import { typeOf } from "../../src/spec/define.js";
import { heNormal } from "../../src/tensor/initializers.js";
import { type ParameterScope, ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { runEagerly } from "../../src/testing/steps.js";
import fixtures from "../fixtures/normalized-weights.json" with { type: "json" };
import { calling } from "../support/calls.js";
import { build, initialBindings } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, noiseOf, tensorOf, valuesOf } from "../support/tensors.js";
import { expectFixture, type LayerFixture, waveBindings } from "../support/waves.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const named = fixtures as unknown as Readonly<Record<string, LayerFixture>>;
const LAYERS = {
  dense: (parameters: ParameterScope, options: WeightOptions) => dense(parameters, 5, 4, heNormal, options),
  conv2d: (parameters: ParameterScope, options: WeightOptions) =>
    conv2d(parameters, { inputs: 3, outputs: 2, kernel: 3, ...options }),
  "conv2d-transpose": (parameters: ParameterScope, options: WeightOptions) =>
    conv2dTranspose(parameters, [6, 4], { inputs: 3, outputs: 2, kernel: 4, stride: 2, ...options }),
};
const KINDS = ["weight", "spectral"] as const;
const MOVED = KINDS.flatMap((kind) => Object.entries(LAYERS).map(([name, layer]) => [kind, name, layer] as const));

describe.each(MOVED)("%s normalization of %s", (normalizeWeights, name, layer) => {
  it("computes what PyTorch computes in training, with its gradients and singular vector", () =>
    expectFixture(named[`${normalizeWeights} ${name}`]!, calling(noiseOf(engine), true), (parameters) =>
      layer(parameters, { normalizeWeights }),
    ));
});

describe("weight normalization", () => {
  it.each(Object.entries(LAYERS))("begins with the weights that %s has without it", (name, layer) => {
    const outputOf = (options: WeightOptions) => {
      const store = new ParameterStore();
      const apply = layer(store.scope("net"), options);
      const x = tf.ones(named[`weight ${name}`]!.x);
      return valuesOf(store.bind(initialBindings(store), () => apply(x)));
    };
    expectClose(tensorOf(outputOf({ normalizeWeights: "weight" })), outputOf({}), 1e-6);
  });
});

describe("spectral normalization", () => {
  const { weights, largest } = fixtures["singular values"];
  const normalized = () => {
    const store = new ParameterStore();
    const layer = dense(store.scope(), 5, 4, heNormal, { bias: false, normalizeWeights: "spectral" });
    const bindings = { ...waveBindings(store), weights: tensorOf(weights) };
    return { store, bindings, apply: () => layer(tf.eye(5)) };
  };

  it("divides by the largest singular value, which steps of training converge to", () => {
    const { store, bindings, apply } = normalized();
    for (let step = 0; step < 60; step++) {
      const { assigned } = store.collectAssignments(() => store.bind(bindings, apply));
      Object.assign(bindings, assigned);
    }
    const expected = weights.map((row) => row.map((value) => value / largest));
    expectClose(store.bind(bindings, apply), expected, 1e-6);
  });

  it("moves its vector where the store keeps what is assigned, and not at pseudo-inputs", () => {
    const { store, bindings, apply } = normalized();
    const assigned = (body: () => unknown) =>
      Object.keys(store.collectAssignments(() => store.bind(bindings, body)).assigned);
    expect(assigned(apply)).toEqual(["singular"]);
    expect(assigned(() => store.withoutAssignments(apply))).toEqual([]);
  });

  it("moves as part of the state in training, in the encoder and in the decoder that mirrors it", async () => {
    const encoder = { type: "mlp", hidden: [4], normalizeWeights: "spectral" };
    const singularOf = async (prior: object) => {
      const made = await setUp(await loadWritten({ model: { encoder, decoder: "mlp", prior } }));
      const before = made.program.initialState.parameters;
      const after = runEagerly(engine.noise, made, [0]).state;
      const names = Object.keys(before).filter((name) => name.endsWith("/singular"));
      return names.sort().map((name) => [name, [...before[name]!.data], [...after[name]!.data]] as const);
    };
    const moved = await singularOf({ type: "gaussian" });
    expect(moved.map(([name]) => name)).toEqual([
      ...["decoder/dense-0/singular", "decoder/output/singular", "encoder/dense-0/singular"],
    ]);
    for (const [, before, after] of moved) expect(after).not.toEqual(before);
    // A VampPrior passes its pseudo-inputs through the encoder after the data.
    const vamp = await singularOf({ type: "vamp", components: 5 });
    expect(vamp.at(-1)).toEqual(moved.at(-1));
  });
});

describe("every network and layer that takes the option", () => {
  const takers = builtins.filter((each) => "normalizeWeights" in (schemaNode(each.schema).properties ?? {}));
  it("refuses weights that begin at zero", () => {
    expect(takers.length).toBeGreaterThanOrEqual(15);
    for (const definition of takers) {
      const { resolve } = definition as { resolve?: (fields: object, siblings: object) => unknown };
      const fields = { type: typeOf(definition), filters: [2], initializer: "zeros", normalizeWeights: "spectral" };
      expect(() => resolve?.(fields, {}), fields.type).toThrow("have no direction");
    }
  });

  it("normalizes all of its weights", () => {
    const image = { kind: "image", shape: [8, 8, 1], support: "unit" } as const;
    const small = { filters: [2, 3], hidden: [3], width: 3, blocks: 1, normalizeWeights: "weight" };
    const { conv, resnet, unet, mlp, gatedMlp, denseResidual } = encoders;
    for (const encoder of [conv, resnet, unet, mlp, gatedMlp, denseResidual]) {
      const store = new ParameterStore();
      build(encoder as never, small, { inputs: { image }, parameters: store.scope() } as never);
      expectAllNormalized(store);
    }
    for (const decoder of [decoders.conv, decoders.resnet, decoders.mlp, decoders.gatedMlp, decoders.denseResidual]) {
      const store = new ParameterStore();
      const context = { latents: { z: [2] }, output: image.shape, field: image, parameters: store.scope() };
      build(decoder as never, small, context as never);
      expectAllNormalized(store);
    }
  });
});

const expectAllNormalized = (store: ParameterStore): void => {
  const scopes = (last: string) =>
    store.parameters
      .filter(({ name }) => name.endsWith(`/${last}`))
      .map(({ name }) => name.slice(0, -last.length))
      .sort();
  expect(scopes("weights").length).toBeGreaterThan(0);
  expect(scopes("lengths")).toEqual(scopes("weights"));
};
