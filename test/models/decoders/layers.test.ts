import { beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/engine.js";
import { layers } from "../../../src/models/decoders/index.js";
import * as listed from "../../../src/models/layers/index.js";
import type { FieldSchema } from "../../../src/tensor/fields.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/layers.json" with { type: "json" };
import { build } from "../../support/components.js";
import { useEngine } from "../../support/engine.js";
import { expectFixture, wave, waveBindings } from "../../support/waves.js";
import { plan } from "../layers/plan.js";
import { evaluating } from "../perceptron.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const field: FieldSchema = { kind: "image", shape: [5, 4, 1], support: "unit" };
const toMaps = [
  plan(listed.dense, { units: 4, activation: "elu" }),
  plan(listed.dense, { units: 4, activation: "elu" }),
  plan(listed.reshape, { shape: [2, 1, 2] }),
  plan(listed.conv2dTranspose, { filters: 3, size: [3, 2], activation: "elu" }),
];

describe("the layers decoder", () => {
  it("computes what PyTorch computes of the same layers, with its gradients", () => {
    const chain = [...toMaps, plan(listed.conv2dTranspose, { filters: 1, size: [5, 4] })];
    const context = { latents: { z: [3] }, output: [5, 4, 1], field };
    const names: Record<string, string> = {
      "layers/0": "dense-0",
      "layers/1": "maps",
      "layers/3": "conv-0",
      "layers/4": "conv-1",
    };
    const { gradients, ...fixture } = fixtures["conv decoder"] as unknown as Parameters<typeof expectFixture>[0];
    const renamed = Object.fromEntries(
      Object.entries(names).flatMap(([own, theirs]) =>
        ["weights", "bias"].map((name) => [`${own}/${name}`, gradients[`${theirs}/${name}`]!]),
      ),
    );
    expectFixture({ ...fixture, gradients: { x: gradients.x!, ...renamed } }, evaluating(engine), (parameters) => {
      const decoder = build(layers, { layers: chain }, { ...context, parameters });
      return (z, call) => decoder.decode({ z }, call);
    });
  });

  it.each([
    [
      "nothing where the last shape is there already",
      [5, 4, 1],
      [plan(listed.conv2dTranspose, { filters: 1, size: [5, 4] })],
      undefined,
    ],
    [
      "a convolution of window 1 where height and width are",
      [5, 4, 1, 2],
      [plan(listed.conv2dTranspose, { filters: 6, size: [5, 4] })],
      [1, 1, 6, 2],
    ],
    ["a dense layer elsewhere", [5, 4, 1], [], [18, 20]],
  ])("appends %s", (_, output, more, appended) => {
    const store = new ParameterStore();
    const context = { latents: { z: [2], y: [1] }, output, field, parameters: store.scope() };
    const decoder = build(layers, { layers: [...toMaps, ...more] }, context);
    expect(store.parameters.find(({ name }) => name === "output/weights")?.shape).toEqual(appended);
    const values = { z: wave([4, 2], 0), y: wave([4, 1], 1) };
    expect(store.bind(waveBindings(store), () => decoder.decode(values, evaluating(engine))).shape).toEqual([
      4,
      ...output,
    ]);
  });
});
