/** Components that a graph would freeze are caught in a whole training step, by the name under which they were registered. */
import { beforeAll, describe, expect, test } from "vitest";
import { Bernoulli, DiagonalGaussian } from "../../src/distributions/index.js";
import { recordTwice } from "../../src/engine/capture/record/record-twice.js";
import { capturedRunner } from "../../src/engine/capture/runner.js";
import type { Engine } from "../../src/engine/engine.js";
import { dense } from "../../src/nn/index.js";
import {
  type AnyDefinition,
  defineLikelihood,
  definePosterior,
  definePrior,
  defineSchedule,
  typeOf,
} from "../../src/spec/define.js";
import { tf } from "../../src/tensor/tensor.js";
import { loadCase, setUp } from "../../src/testing/experiment.js";
import { useEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const named = <N extends string>(name: N) =>
  ({
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: name } },
  }) as const;

/** Counts its calls: a warm-up that was meant to follow the steps. */
const counting = definePrior({
  schema: named("counting"),
  capabilities: () => ["density"],
  create: (_, { latent }) => {
    let calls = 0;
    return { at: () => new DiagonalGaussian(tf.zeros([...latent]), tf.fill([...latent], 0.1 * calls++)) };
  },
});
/** Draws its noise in JavaScript. */
const drawing = definePosterior({
  schema: named("drawing"),
  capabilities: () => ["density", "reparameterized"],
  create: (_, { features, latent, parameters }) => {
    const mean = dense(parameters.scope("mean"), features.features![0]!, latent[0]!);
    return {
      at: (maps) => {
        const center = mean(maps.features!);
        const jitter = Float32Array.from({ length: center.size }, () => Math.random());
        return new DiagonalGaussian(tf.add(center, tf.tensor(jitter, center.shape)), tf.zeros([...latent]));
      },
    };
  },
});
/** Reads a value to decide by. */
const reading = defineLikelihood({
  schema: named("reading"),
  capabilities: () => ["density"],
  create: (_, { field }) => ({
    outputs: field.shape,
    at: (logits) => {
      const largest = tf.max(tf.abs(logits)).dataSync()[0]!;
      return new Bernoulli(tf.mul(logits, 1 / Math.max(1, largest)), field.shape.length);
    },
  }),
});
/** What a schedule says is fed, so a wild one is no fault of the graph's. */
const wild = defineSchedule({
  schema: named("wild"),
  create: () => ({ at: (step) => Math.sin(step * step), final: 0 }),
});

const caseOf = (definition: AnyDefinition) => ({
  kind: definition.kind,
  name: `${definition.kind}/${typeOf(definition)}`,
  fields: { type: typeOf(definition) },
});
const findings: readonly [AnyDefinition, RegExp, string][] = [
  [counting as AnyDefinition, /that JavaScript makes anew at each call|attributes that change/, "counts its own calls"],
  [drawing as AnyDefinition, /takes a value of shape \[6,3\] that JavaScript makes anew/, "draws in JavaScript"],
  [reading as AnyDefinition, /reads a value/, "reads a value"],
];

describe.skipIf((process.env.VAELAB_TEST_ENGINE ?? "native") !== "native")(
  "a component that a graph would freeze",
  () => {
    for (const [definition, what, how] of findings) {
      const each = caseOf(definition);
      test(`${each.name}, which ${how}, is found by two recordings and named with its line`, async () => {
        const { program, inputsAt } = await setUp(await loadCase(each, [definition]));
        const found = recordTwice(program, engine.noise, inputsAt(0), { variant: "elbo", other: inputsAt(1) });
        expect(found.length).toBeGreaterThan(0);
        expect(found[0]!.what).toMatch(what);
        expect(found[0]!.owner).toMatch(new RegExp(`^${each.name}, at .*contracts/frozen\\.test\\.ts:\\d+`));
      });

      test(`${each.name} cannot be captured where that is required, and trains eagerly with a warning where it is not`, async () => {
        const { program, inputsAt } = await setUp(await loadCase(each, [definition]));
        const required = capturedRunner(engine, { mode: "require" }).start(program);
        expect(() => required.call(inputsAt(0), "elbo")).toThrow(each.name);
        required.dispose();
        const warnings: string[] = [];
        const running = capturedRunner(engine, { warn: (message) => warnings.push(message) }).start(program);
        running.call(inputsAt(0), "elbo");
        running.call(inputsAt(1), "elbo");
        expect(running.mode).toBe("eager");
        expect(warnings).toHaveLength(1);
        expect(warnings[0]).toContain(each.name);
        running.dispose();
      });
    }

    test("a schedule may jump as it likes, for its values are fed", async () => {
      const each = caseOf(wild as AnyDefinition);
      const { program, inputsAt } = await setUp(await loadCase(each, [wild as AnyDefinition]));
      expect(recordTwice(program, engine.noise, inputsAt(0), { variant: "elbo", other: inputsAt(1) })).toEqual([]);
    });
  },
);
