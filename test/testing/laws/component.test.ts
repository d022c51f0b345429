/** Objectives, regularizers and other parts of a step: a loss that is not finite, or reaches nothing, is told so. */
import { describe, expect, test } from "vitest";
import type { StepContext } from "../../../src/contracts/objective.js";
import { distortionOf, elboTerms } from "../../../src/inference/elbo-terms.js";
import type { Definition } from "../../../src/spec/define.js";
import { defineMetric, defineObjective, defineRegularizer } from "../../../src/spec/define.js";
import { type Scalar, stopGradient, tf } from "../../../src/tensor/tensor.js";
import { lawsOf } from "../../../src/testing/laws/component.js";
import { regularizerLaws } from "../../../src/testing/laws/regularizer.js";
import { useEngine } from "../../support/engine.js";
import { failuresOf } from "../failures.js";

const engine = await useEngine();
const schemaOf = <T extends string>(type: T) =>
  ({
    type: "object",
    title: "own",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: type } },
  }) as const;

describe("a regularizer", () => {
  const regularizer = (penalty: (step: StepContext) => Scalar) =>
    defineRegularizer({
      schema: {
        type: "object",
        title: "own",
        required: ["type"],
        additionalProperties: false,
        properties: {
          type: { const: "own-size" },
          weight: { type: "object", component: "schedule", default: { type: "constant", value: 1 } },
        },
      },
      create: ({ weight }) => ({ weight, penalty }),
    });
  const size = (step: StepContext): Scalar => tf.mean(tf.square(step.inferred().sites.z!.value));

  test("passes where its penalty shapes the model", async () => {
    expect(await failuresOf(lawsOf(engine, regularizer(size)))).toEqual([]);
  });
  test("fails where its penalty reaches no parameter, and where it is not finite", async () => {
    const cut = regularizer((step) => stopGradient(size(step)));
    expect((await failuresOf(regularizerLaws(engine, cut))).join()).toMatch(
      /^regularizer\/own-size: .* its penalty reaches none of \d+ trained parameters, expected one at least$/,
    );
    const infinite = regularizer((step) => tf.log(tf.mul<Scalar>(0, size(step))));
    expect((await failuresOf(regularizerLaws(engine, infinite))).join()).toContain(
      "element 0 of the penalty is -Infinity, expected a finite number",
    );
  });
});

describe("an objective", () => {
  const objective = (loss: (step: StepContext) => Scalar) =>
    defineObjective({
      schema: schemaOf("own-bound"),
      create: () => ({
        phases: [{ name: "own", every: 1, variables: () => true, terms: (step) => ({ loss: loss(step), terms: {} }) }],
      }),
    });
  const distortion = (step: StepContext): Scalar =>
    tf.mean(distortionOf(elboTerms(step.model, step.batch, step.infer(1), step.call("generate"))));

  test("passes where its loss reaches every parameter", async () => {
    expect(await failuresOf(lawsOf(engine, objective(distortion)), /losses are finite|captured/)).toEqual([]);
  });
  test("fails where it reaches none of the decoder", async () => {
    const codes = objective((step) => tf.mean(tf.square(step.infer(1).sites.z!.value)));
    expect((await failuresOf(lawsOf(engine, codes), /losses are finite/)).join()).toMatch(
      /^objective\/own-bound: its losses are finite.* {2}no loss reaches the parameter "decoder\/.*", expected a gradient$/,
    );
  });
  test("fails where a step draws from elsewhere, which a graph would freeze", async () => {
    let calls = 0;
    const counting = objective((step) => tf.mul(distortion(step), (calls += 1)));
    expect((await failuresOf(lawsOf(engine, counting), /two builds/)).join()).toContain(
      "differ, expected the same bytes",
    );
    expect(await failuresOf(lawsOf(engine, counting), /captured/)).toHaveLength(engine.name === "native" ? 1 : 0);
  });
});

test("a metric stands in no step", () => {
  const metric = defineMetric({
    schema: schemaOf("own-metric"),
    figures: {},
    create: () => ({ evaluate: async () => ({ measurements: [] }) }),
  }) as Definition as never;
  expect(() => lawsOf(engine, metric)).toThrow(/there are no laws of a metric by itself: .*`specLaws`/);
});
