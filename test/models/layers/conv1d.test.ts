import { beforeAll, describe, expect, it } from "vitest";

import type { Engine } from "../../../src/engine/engine.js";
import { conv1d, residual } from "../../../src/models/layers/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import fixtures from "../../fixtures/sequences.json" with { type: "json" };
import { useEngine } from "../../support/engine.js";
import { expectFixture, type LayerFixture, wave, waveBindings } from "../../support/waves.js";
import { evaluating } from "../perceptron.js";
import { connect, plan } from "./plan.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const named = fixtures as unknown as Readonly<Record<string, LayerFixture>>;

describe("the convolution over a sequence", () => {
  it.each([
    [4, 2],
    [3, 1],
    [2, 3],
  ])("with windows of %i and strides of %i is PyTorch's", (kernel, stride) =>
    expectFixture(named[`conv1d ${kernel} ${stride}`]!, evaluating(engine), (parameters) =>
      connect(plan(conv1d, { filters: 2, kernel, stride }), [7, 3], parameters),
    ),
  );

  it("without padding is PyTorch's", () =>
    expectFixture(fixtures["conv1d valid"], evaluating(engine), (parameters) =>
      connect(plan(conv1d, { filters: 2, stride: 2, padding: "valid" }), [7, 3], parameters),
    ));

  it("takes sequences alone, no shorter than its window", () => {
    expect(() => plan(conv1d, { filters: 2 }).shape([5, 4, 2])).toThrow("needs a sequence [length, channels]");
    const valid = plan(conv1d, { filters: 2, kernel: 5, padding: "valid" });
    expect(valid.shape([5, 3])).toEqual([1, 2]);
    expect(() => valid.shape([4, 3])).toThrow("has a window of 5 x 1, which is larger");
  });

  it("stands inside a residual connection, whose projection takes the same stride", () => {
    const around = plan(residual, { layers: [plan(conv1d, { filters: 2, stride: 3 })] });
    expect(around.shape([7, 3])).toEqual([3, 2]);
    const store = new ParameterStore();
    const layer = connect(around, [7, 3], store.scope());
    const result = store.bind(waveBindings(store), () => layer(wave([4, 7, 3], 0), evaluating(engine)));
    expect(result.shape).toEqual([4, 3, 2]);
    expect(store.parameters.find(({ name }) => name === "projection/weights")!.shape).toEqual([1, 1, 3, 2]);
    const five = plan(conv1d, { filters: 2, padding: "valid" });
    expect(() => plan(residual, { layers: [five] }).shape([7, 3])).toThrow("no projection connects the two shapes");
  });
});
