/** Every layer gives the shape that it says it gives, row by row, from any shape that it takes. */

import { beforeAll, describe, expect, test } from "vitest";
import type { CallContext, LayerPlan } from "../../src/contracts/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { type Builder, createBuilder } from "../../src/registry/components/build.js";
import type { Shape } from "../../src/tensor/fields.js";
import { glorotUniform } from "../../src/tensor/initializers.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadWritten } from "../../src/testing/experiment.js";
import { normals } from "../../src/testing/values.js";
import { calling } from "../support/calls.js";
import { initialBindings } from "../support/components.js";
import { useEngine } from "../support/engine.js";
import { expectClose, noiseOf, valuesOf } from "../support/tensors.js";
import { casesOfKind } from "./support/cases.js";

let engine: Engine;
let builder: Builder;
beforeAll(async () => {
  engine = await useEngine();
  builder = await createBuilder((await loadWritten({})).catalogue);
});
const callIn = (training: boolean): CallContext => calling(noiseOf(engine), training);
const SHAPES: readonly Shape[] = [[20], [5, 4, 2], [5, 4, 6], [3, 3, 2], [4, 2]];
const N = 5;

describe.each(casesOfKind("layer").map((each) => [each.name, each] as const))("%s", (_, { fields }) => {
  let plan: LayerPlan;
  const taken: Shape[] = [];
  beforeAll(async () => {
    plan = await builder.build("layer", fields, "/layer", {});
    for (const input of SHAPES) {
      try {
        plan.shape(input);
        taken.push(input);
      } catch (error) {
        expect(error).toMatchObject({ code: "SPEC_COMBINATION" });
      }
    }
  });

  test("takes some shapes, and gives those that it announces, in training and outside it", () => {
    expect(taken).not.toEqual([]);
    for (const input of taken) {
      const output = plan.shape(input);
      const store = new ParameterStore();
      const parameters = store.scope("layer");
      const layer = plan.connect({ input, output, parameters, name: "0", initializer: () => glorotUniform });
      const bindings = initialBindings(store);
      const apply = (rows: number, training: boolean) =>
        store.bind(bindings, () => layer(tf.slice(normals([N, ...input]), 0, rows), callIn(training)));
      const whole = apply(N, false);
      expect(whole.shape).toEqual([N, ...output]);
      expect(valuesOf(whole).every(Number.isFinite)).toBe(true);
      expectClose(apply(2, false), tf.slice(whole, 0, 2).arraySync() as never);
      expect(apply(N, true).shape).toEqual([N, ...output]);
    }
  });
});
