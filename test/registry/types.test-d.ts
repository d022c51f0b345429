/**
 * Checked by tsc, not run: a wrong spec does not compile. The interfaces are extended as a plugin does it, through a module
 * that re-exports them; names are this file's own, for the whole project is compiled as one program.
 */

import type { Capability, Contexts, Kind, Products } from "../../src/contracts/kinds.js";
import type { Prior as PriorContract } from "../../src/contracts/prior.js";
import { defineObjective, definePosterior, definePrior, defineSchedule } from "../../src/spec/define.js";
import type { ExperimentSpec, ResolvedSpec } from "../../src/spec/experiment-schema.js";
import type { Declared, Written } from "../../src/spec/spec-types.js";
import { unused } from "./support/definitions.js";

const plain = definePrior({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "typed-plain" }, scale: { type: "number", default: 1 } },
  },
  create: ({ scale }) => {
    const filled: number = scale;
    // @ts-expect-error a default is filled: it cannot be undefined, nor anything else
    const wrong: string = scale;
    return { at: () => unused(filled, wrong) };
  },
});
const nested = definePrior({
  schema: {
    type: "object",
    required: ["type", "base"],
    additionalProperties: false,
    properties: {
      type: { const: "typed-over" },
      base: { type: "object", component: "prior" },
      weight: { type: "object", component: "schedule", default: { type: "typed-ramp", to: 1 } },
    },
  },
  create: ({ base, weight }) => {
    const value: number = weight.at(3);
    // @ts-expect-error a slot is what was built, not its fields
    unused(weight.to, value);
    return base;
  },
});
const ramp = defineSchedule({
  schema: {
    type: "object",
    required: ["type", "to"],
    additionalProperties: false,
    properties: { type: { const: "typed-ramp" }, to: { type: "number" } },
  },
  create: ({ to }) => ({ at: (step) => to * step, final: to }),
});
const weighted = defineObjective({
  schema: {
    type: "object",
    required: ["type", "terms"],
    additionalProperties: false,
    properties: {
      type: { const: "typed-sum" },
      terms: { type: "array", items: { type: "object", component: "objective" } },
    },
  },
  create: ({ terms }) => ({ phases: terms.flatMap(({ phases }) => phases) }),
});

declare module "./support/barrel.js" {
  interface PriorSpecs {
    "typed-plain": Declared<typeof plain>;
    "typed-over": Declared<typeof nested>;
  }
  interface ScheduleSpecs {
    "typed-ramp": Declared<typeof ramp>;
  }
  interface ObjectiveSpecs {
    "typed-sum": Declared<typeof weighted>;
  }
}

type Prior = Written<"prior">;
export const priors: Prior[] = [
  "typed-plain",
  { type: "typed-plain" },
  { type: "typed-plain", scale: 2 },
  { type: "typed-over", base: "typed-plain" },
  { type: "typed-over", base: { type: "typed-over", base: { type: "typed-plain", scale: 3 } }, weight: 2 },
  { type: "typed-over", base: "typed-plain", weight: { type: "typed-ramp", to: 1 } },
];
// @ts-expect-error an unknown component
export const unknown: Prior = "typed-plian";
// @ts-expect-error an unknown component in an object
export const unknownType: Prior = { type: "typed-plian" };
// @ts-expect-error a misspelled field
export const misspelled: Prior = { type: "typed-plain", sclae: 2 };
// @ts-expect-error a misspelled field two levels down
export const deep: Prior = { type: "typed-over", base: { type: "typed-over", base: { type: "typed-plain", sc: 3 } } };
// @ts-expect-error a component with a required field cannot stand bare
export const bare: Prior = "typed-over";
// @ts-expect-error a required field is missing one level down
export const missing: Prior = { type: "typed-over", base: { type: "typed-over" } };
// @ts-expect-error text for a number
export const text: Prior = { type: "typed-plain", scale: "2" };
// @ts-expect-error a number stands where a schedule may, nowhere else
export const number: Prior = 2;
// @ts-expect-error a component of another kind
export const kind: Prior = "typed-ramp";

export const list: Written<"objective"> = { type: "typed-sum", terms: [{ type: "typed-sum", terms: [] }] };
// @ts-expect-error a misspelled field of an item of a list
export const item: Written<"objective"> = { type: "typed-sum", terms: [{ type: "typed-sum", trems: [] }] };

declare const rest: Pick<ExperimentSpec, "name" | "data">;
declare const model: ExperimentSpec["model"];
export const spec: ExperimentSpec = { ...rest, model: { ...model, prior: { type: "typed-plain" } } };
// @ts-expect-error a misspelled field of a plugin's component in a whole experiment
export const wrongSpec: ExperimentSpec = { ...rest, model: { ...model, prior: { type: "typed-plain", sclae: 1 } } };
// @ts-expect-error a misspelled key of the experiment
export const wrongKey: ExperimentSpec = { ...rest, model, modle: 1 };
// @ts-expect-error a required key is missing
export const incomplete: ExperimentSpec = { ...rest };

type IsAny<T> = 0 extends 1 & T ? true : false;
export const checks: [
  IsAny<ResolvedSpec>,
  IsAny<ResolvedSpec["model"]>,
  IsAny<ResolvedSpec["model"]["prior"]>,
  IsAny<ExperimentSpec["model"]["prior"]>,
] = [false, false, false, false];
declare const resolved: ResolvedSpec;
export const epochs: number = resolved.training.epochs;
export const type: string = resolved.model.prior.type;
// @ts-expect-error a resolved spec has no such key
export const none = resolved.training.epoch;
// @ts-expect-error what is optional and has no default stays so
export const clip: number = resolved.training.clipNorm;

const bareSchema = {
  type: "object",
  required: ["type"],
  additionalProperties: false,
  properties: { type: { const: "typed-bare" } },
} as const;
const made = { at: () => unused() };
export const hooks = [
  definePrior({ schema: bareSchema, capabilities: () => ["density", "factorized"], create: () => made }),
  definePrior({ schema: bareSchema, capabilities: () => ["mine/codebook"], create: () => made }),
  // @ts-expect-error a prior has no duration: that is a schedule's hook
  definePrior({ schema: bareSchema, duration: () => 3, create: () => made }),
  // @ts-expect-error a misspelled hook
  definePrior({ schema: bareSchema, capabilites: () => ["density"], create: () => made }),
  // @ts-expect-error a misspelled capability
  definePrior({ schema: bareSchema, capabilities: () => ["density", "factorised"], create: () => made }),
  // @ts-expect-error a capability of another kind
  definePrior({ schema: bareSchema, capabilities: () => ["predicts"], create: () => made }),
  definePrior({
    schema: bareSchema,
    // @ts-expect-error a requirement names a capability of the kind that it is of
    requires: () => [{ kind: "head", capability: "density", reason: "" }],
    create: () => made,
  }),
  definePrior({
    schema: bareSchema,
    // @ts-expect-error a requirement names a kind
    requires: () => [{ kind: "priors", capability: "density", reason: "" }],
    create: () => made,
  }),
  // @ts-expect-error what a factory of this kind gives
  definePrior({ schema: bareSchema, create: () => ({ encode: () => unused() }) }),
  definePosterior({
    schema: bareSchema,
    requires: () => [{ kind: "prior", capability: "density", reason: "it has to be scored" }],
    // @ts-expect-error a posterior gets no rows of examples: only a prior does
    create: (_, { exampleRows }) => unused(exampleRows),
  }),
  defineSchedule({ schema: bareSchema, duration: () => 3, create: () => ({ at: () => 1, final: 1 }) }),
];
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const derived: [
  Same<Products["prior"], PriorContract>,
  Same<Contexts["metric"], object>,
  Same<Capability<"head">, "predicts" | `${string}/${string}`>,
  Same<Kind, keyof Products>,
] = [true, true, true, true];
