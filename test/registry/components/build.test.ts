/** Building: slots first, each part with its own context; containers that see their parent's components. */
import { describe, expect, test } from "vitest";
import type { Products } from "../../../src/contracts/kinds.js";
import { Schedules } from "../../../src/contracts/schedule.js";
import { VaelabError } from "../../../src/errors.js";
import { type Builder, createBuilder } from "../../../src/registry/components/build.js";
import { defineLikelihood, defineObjective, definePrior } from "../../../src/spec/define.js";
import { catalogue, least, unused } from "../support/definitions.js";
import { refusalOf, workspace } from "../support/workspace.js";

const schedules = { schedule: () => ({ totalSteps: 100 }) };
const fieldsOf = async (spec: object, builder?: Builder) => {
  const experiment = await workspace({ "a.json": { ...least, ...spec } }).load("a.json");
  return { spec: experiment.spec, builder: builder ?? (await createBuilder(experiment.catalogue)) };
};

test("what stands in slots, in lists too, is built and handed over in place; schedules are named after their pointer", async () => {
  const terms = [
    { type: "elbo", beta: { type: "linear", from: 1, to: 3, steps: 4 } },
    { type: "sum", terms: ["elbo"] },
  ];
  const { spec, builder } = await fieldsOf({ objective: { type: "sum", terms } });
  const schedules = new Schedules();
  const parameters = Object.assign(
    () => {
      throw new Error("unused");
    },
    { scope: () => parameters },
  ) as never;
  const contexts = {
    schedule: () => ({ totalSteps: 100 }),
    schedules,
    objective: () => ({ parameters, model: {} as never }),
  };
  const objective: Products["objective"] = await builder.build("objective", spec.objective, "/objective", contexts);
  expect(objective.phases.map(({ name }) => name)).toEqual(["elbo 1 -> 3, 1 samples", "elbo 1 -> 1, 1 samples"]);
  expect(schedules.at(2)).toEqual({ "objective.terms.0.beta": 2, "objective.terms.1.terms.0.beta": 1 });
  expect(schedules.final()).toEqual({ "objective.terms.0.beta": 3, "objective.terms.1.terms.0.beta": 1 });
  const optimizer = await builder.build("optimizer", spec.training.optimizer, "/training/optimizer", contexts);
  expect(optimizer.learningRate.at(7)).toBe(0.001);
  expect(optimizer.learningRate.name).toBe("training.optimizer.learningRate");
});

test("schedules have the role that their slot declares, wherever it stands", async () => {
  const { spec, builder } = await fieldsOf({
    objective: { type: "sum", terms: ["elbo", { type: "sum", terms: [{ type: "elbo", beta: 2 }] }] },
  });
  expect([...builder.scheduleRoles(spec)].sort()).toEqual([
    ["objective.terms.0.beta", "weight"],
    ["objective.terms.1.terms.0.beta", "weight"],
    ["training.optimizer.learningRate", "learning-rate"],
  ]);
  const schedules = new Schedules(builder.scheduleRoles(spec));
  const rate = schedules.add("training.optimizer.learningRate", { at: () => 1, final: 1 });
  expect(rate.role).toBe("learning-rate");
  expect(rate.derive("halved", { at: () => 0.5, final: 0.5 }).role).toBe("learning-rate");
  expect(schedules.add("model.posterior.temperature", { at: () => 1, final: 1 })).not.toHaveProperty("role");
});

test("each part is given the context of the pointer where it stands", async () => {
  const seen: string[] = [];
  const nested = definePrior({
    schema: {
      type: "object",
      required: ["type", "parts"],
      additionalProperties: false,
      properties: {
        type: { const: "nested" },
        parts: {
          type: "object",
          additionalProperties: false,
          properties: { inner: { type: "object", component: "prior" } },
        },
      },
    },
    create: ({ parts }) =>
      parts.inner ?? {
        at: () => {
          throw new Error("unused");
        },
      },
  });
  const builder = await createBuilder(catalogue.child([nested], "test"));
  const context = {
    latent: [2],
    inputs: {},
    parameters: null as never,
    examples: () => ({}),
    exampleRows: () => new Int32Array(),
  };
  const at = (pointer: string) => {
    seen.push(pointer);
    return context;
  };
  const fields = { type: "nested", parts: { inner: { type: "nested", parts: { inner: { type: "gaussian" } } } } };
  await builder.build("prior", fields, "/model/prior", { prior: at });
  expect(seen).toEqual(["/model/prior/parts/inner/parts/inner", "/model/prior/parts/inner", "/model/prior"]);
});

test("a deferred slot is built when its factory asks, in the context that it states, or not at all", async () => {
  const seen: string[] = [];
  const split = defineLikelihood({
    schema: {
      type: "object",
      required: ["type", "one", "other"],
      additionalProperties: false,
      properties: {
        type: { const: "split" },
        one: { type: "object", component: "likelihood", deferred: true },
        other: { type: "object", component: "likelihood", deferred: true },
      },
    },
    create: async ({ one }, { field }) => {
      seen.push(`split of ${field.shape}`);
      return one({ field: { ...field, shape: [1] } });
    },
  });
  const leaf = defineLikelihood({
    schema: {
      type: "object",
      required: ["type"],
      additionalProperties: false,
      properties: { type: { const: "leaf" } },
    },
    create: (_, { field }) => {
      seen.push(`leaf of ${field.shape}`);
      return { outputs: field.shape, at: unused };
    },
  });
  const builder = createBuilder(catalogue.child([split, leaf], "test"));
  const fields = { type: "split", one: { type: "leaf" }, other: { type: "leaf" } };
  const made = await builder.build("likelihood", fields, "/model/likelihood", {
    likelihood: (pointer) => {
      seen.push(pointer);
      return { field: { kind: "vector", shape: [3], support: "real" }, parameters: null as never };
    },
  });
  expect(made.outputs).toEqual([1]);
  expect(seen).toEqual(["/model/likelihood", "split of 3", "/model/likelihood/one", "leaf of 1"]);
});

test("a dataset may take its time", async () => {
  const { spec, builder } = await fieldsOf({});
  const dataset = await builder.build("dataset", spec.data, "/data", { dataset: () => ({ folder: "." }) });
  expect(dataset.sizes.train).toBe(1000);
});

describe("scopes", () => {
  const logistic = definePrior({
    schema: {
      type: "object",
      required: ["type"],
      additionalProperties: false,
      properties: { type: { const: "logistic" } },
    },
    create: () => ({ at: unused }),
  });
  const context = {
    prior: () => ({
      latent: [2],
      inputs: {},
      parameters: null as never,
      examples: () => ({}),
      exampleRows: () => new Int32Array(),
    }),
  };

  test("a child builds its parent's components and its own; the parent and a sibling do not know them", async () => {
    const child = await createBuilder(catalogue.child([logistic], "test"));
    await child.build("prior", { type: "logistic" }, "/p", context);
    await child.build("prior", { type: "gaussian" }, "/p", context);
    for (const other of [catalogue, catalogue.child([], "other")]) {
      const builder = await createBuilder(other);
      expect(await refusalOf(builder.build("prior", { type: "logistic" }, "/p", context))).toEqual([
        "CONTRACT",
        'no prior "logistic" is registered',
      ]);
    }
  });
});

describe("factories that fail", () => {
  const failing = (error: Error) =>
    defineObjective({
      schema: {
        type: "object",
        required: ["type"],
        additionalProperties: false,
        properties: { type: { const: "failing" } },
      },
      create: () => {
        throw error;
      },
    });
  const buildWith = async (error: Error) => {
    const builder = await createBuilder(catalogue.child([failing(error)], "test"));
    const fields = { type: "sum", terms: [{ type: "failing" }] };
    return refusalOf(
      builder.build("objective", fields, "/objective", {
        objective: () => ({ parameters: null as never, model: null as never }),
      }),
    );
  };

  test("are named, with where they stand; what vaelab itself says passes through", async () => {
    expect(await buildWith(new TypeError("x is undefined"))).toEqual([
      "CONTRACT",
      '/objective/terms/0  the objective "failing" throws while it is built: x is undefined',
    ]);
    expect(await buildWith(new VaelabError("DATA", { message: "a damaged file" }))).toEqual(["DATA", "a damaged file"]);
  });

  test("a kind without a context cannot be built", async () => {
    const builder = await createBuilder(catalogue);
    expect(await refusalOf(builder.build("prior", { type: "gaussian" }, "/model/prior", schedules))).toEqual([
      "CONTRACT",
      '/model/prior  the prior "gaussian" cannot be built here: contexts are given for schedule',
    ]);
  });
});
