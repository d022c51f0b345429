/** An objective or an optimizer may wrap the schedules of its fields: what it derives is fed, logged and validated with. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Terms } from "../../src/contracts/objective.js";
import { type Schedule, Schedules } from "../../src/contracts/schedule.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { learningRatesOf } from "../../src/experiments/training/learning-rates.js";
import { validator } from "../../src/experiments/training/validation.js";
import { defineObjective, defineOptimizer } from "../../src/spec/define.js";
import { type Scalar, tf } from "../../src/tensor/tensor.js";
import { loadWritten, setUp } from "../../src/testing/experiment.js";
import { runEagerly } from "../../src/testing/steps.js";
import { useEngine } from "../support/engine.js";
import { named } from "../support/schedules.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

type Wrap = (beta: Schedule) => Schedule;
const doubled: Wrap = (beta) =>
  beta.derive("doubled", { at: (step) => 2 * beta.at(step), final: 2 * beta.final, end: beta.end! });

/** An objective whose loss is the wrapped schedule itself; of the model it adds nothing. */
const weighing = (wrap: Wrap) =>
  defineObjective({
    schema: {
      type: "object",
      required: ["type"],
      additionalProperties: false,
      properties: {
        type: { const: "weighing" },
        beta: { type: "object", component: "schedule", default: { type: "constant", value: 1 } },
      },
    },
    create: ({ beta }) => {
      const weight = wrap(beta);
      return {
        phases: [
          {
            name: "weighing",
            every: 1,
            variables: () => true,
            // A step needs a loss that depends on the model.
            terms: ({ scalar, infer }): Terms => {
              const nothing: Scalar = tf.mul(0, tf.mean(infer(1).sites.z!.value));
              return { loss: tf.add(tf.mul(scalar(weight), 10), nothing), terms: { beta: scalar(beta) } };
            },
          },
        ],
      };
    },
  });
const RAMP = { type: "linear", initial: 0, final: 4, steps: 8 };
const made = async (wrap: Wrap) =>
  setUp(await loadWritten({ objective: { type: "weighing", beta: RAMP } }, [weighing(wrap)]));

describe("an objective that doubles the schedule of its field", () => {
  test("trains with the doubled value, beside the schedule itself", async () => {
    const { outputs } = runEagerly(engine.noise, await made(doubled), [0, 1, 6, 20]);
    // 4 step / 8, and from step 8 on 4.
    expect(outputs.map((each) => each["weighing.beta"]!.data[0])).toEqual([0, 0.5, 3, 4]);
    expect(outputs.map((each) => each["weighing.loss"]!.data[0])).toEqual([0, 10, 60, 80]);
  });

  test("is validated at twice the final value", async () => {
    const { assembled, dataset } = await made(doubled);
    const validation = validator(assembled, dataset, eagerRunner(engine.noise), 1);
    const [loss] = validation.validate(assembled.initialValues);
    expect(loss).toMatchObject({ kind: "loss" });
    expect(loss!.data[0]).toBeCloseTo(80, 5);
    validation.dispose();
  });

  test("has both by name in what is fed and logged", async () => {
    const { schedules } = (await made(doubled)).assembled;
    expect(schedules.at(2)).toMatchObject({ "objective.beta": 1, "objective.beta.doubled": 2 });
    expect(schedules.final()).toMatchObject({ "objective.beta": 4, "objective.beta.doubled": 8 });
    expect(schedules.get("objective.beta.doubled")!.end).toBe(8);
  });
});

describe("refused", () => {
  test("a copy of a schedule with other values: it has no name, so nothing is fed in silence", async () => {
    const copied = await made((beta) => ({ ...beta, at: (step) => 2 * beta.at(step) }));
    expect(() => runEagerly(engine.noise, copied, [0])).toThrow(/read a schedule without a name/);
  });
  test("a schedule that is derived in a step, and one of another run", async () => {
    const late = await made(
      (beta) =>
        ({
          ...beta,
          get name() {
            return doubled(beta).name;
          },
        }) as Schedule,
    );
    expect(() => runEagerly(engine.noise, late, [0])).toThrow('the schedule "objective.beta.doubled" is not fed');
    const foreign = await made(() => named("elsewhere", 1));
    expect(() => runEagerly(engine.noise, foreign, [0])).toThrow('the schedule "elsewhere" is not fed');
  });
  test("two of one name", () => {
    const schedules = new Schedules();
    const beta = schedules.add("beta", { at: () => 1, final: 1, end: 0 });
    doubled(beta);
    expect(() => doubled(beta)).toThrow('two schedules are named "beta.doubled"');
  });
});

test("an optimizer that wraps its learning rate steps with the derived one, and neither delays the best checkpoint", async () => {
  const wrapped = defineOptimizer({
    schema: {
      type: "object",
      required: ["type"],
      additionalProperties: false,
      properties: {
        type: { const: "halved" },
        of: { type: "object", component: "optimizer", default: { type: "sgd", learningRate: 0.5, momentum: 0 } },
      },
    },
    create: ({ of }) => {
      const { learningRate, ...rest } = of;
      const halved = { at: (step: number) => learningRate.at(step) / 2, final: learningRate.final / 2 };
      return { ...rest, update: of.update, advance: of.advance, learningRate: learningRate.derive("halved", halved) };
    },
  });
  const of = { type: "sgd", learningRate: 0.5 };
  const state = async (optimizer: object) => {
    const experiment = await loadWritten({ training: { optimizer } }, [wrapped]);
    const set = await setUp(experiment);
    return { ...runEagerly(engine.noise, set, [0]), set };
  };
  const halved = await state({ type: "halved", of });
  const quarter = await state({ ...of, learningRate: 0.25 });
  expect(halved.state["decoder/output/bias"]).toEqual(quarter.state["decoder/output/bias"]);
  expect(learningRatesOf(halved.set.assembled).map(({ name }) => name)).toEqual([
    "training.optimizer.of.learningRate.halved",
    "training.optimizer.of.learningRate",
  ]);
});
