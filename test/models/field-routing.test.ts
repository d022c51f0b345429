/** Which part sees which field, and which fields are given when samples are drawn. */
import { expect, test } from "vitest";
import type { HeadPlan } from "../../src/contracts/head.js";
import { fieldRouting } from "../../src/models/field-routing.js";
import type { FieldSchemas } from "../../src/tensor/fields.js";

const FIELDS: FieldSchemas = {
  x: { kind: "vector", shape: [4], support: "real" },
  a: { kind: "label", shape: [], support: "categorical", classes: 3 },
  b: { kind: "vector", shape: [2], support: "real" },
  c: { kind: "vector", shape: [5], support: "real" },
  y: { kind: "label", shape: [], support: "categorical", classes: 2 },
};
const plan = (field: string, role: HeadPlan["role"], ...parts: (keyof HeadPlan["seenBy"])[]): HeadPlan => ({
  field,
  role,
  seenBy: {
    encoder: parts.includes("encoder"),
    prior: parts.includes("prior"),
    decoder: parts.includes("decoder"),
  },
});

test("a field is given if the prior or the decoder sees it; the encoder alone needs it for no sample", () => {
  const plans = [
    plan("a", "condition", "encoder", "prior"),
    plan("b", "condition", "decoder"),
    plan("c", "condition", "encoder"),
    plan("y", "target"),
  ];
  const routing = fieldRouting(plans, FIELDS, ["x"]);
  expect(routing.conditions).toEqual({ a: FIELDS.a, b: FIELDS.b });
  expect(routing.encoder).toEqual(["x", "a", "c"]);
  expect([routing.priorParents, routing.decoderShapes]).toEqual([{ a: [3] }, { b: [2] }]);
  expect(routing.categories("a")).toBe(3);
});
