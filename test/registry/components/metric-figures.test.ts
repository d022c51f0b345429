/** What metrics declare is checked where they are defined or loaded: each declaration whole, each figure of one metric. */
import { describe, expect, test } from "vitest";
import { builtins } from "../../../src/builtins.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { errorOf } from "../../support/error-of.js";

const FIGURE = { title: "lag", unit: "steps", better: "lower", section: "latent", reading: "Lower is better." };
/** A metric as a plugin writes it without vaelab's types. */
const metric = (type: string, figures: unknown, more: object = {}): unknown => ({
  kind: "metric",
  schema: { type: "object", required: ["type"], additionalProperties: false, properties: { type: { const: type } } },
  figures,
  create: () => ({ evaluate: async () => ({ measurements: [] }) }),
  ...more,
});
const catalogue = createCatalogue(builtins);
const refusal = (...definitions: unknown[]): string =>
  errorOf(() => catalogue.child(definitions, "/lab/plugin.mjs"))
    .problems.map(({ message }) => message)
    .join("\n");

describe("a figure belongs to one metric", () => {
  test("a plugin's metric cannot claim a figure of a built-in one: both are named", () => {
    expect(refusal(metric("my-recall", { mine: FIGURE, recall: FIGURE }))).toBe(
      'the metric "my-recall" declares the figure "recall", which the metric "precision-recall" of vaelab declares already',
    );
  });
  test("nor one of another plugin, or of its own list", () => {
    const first = catalogue.child([metric("one", { lag: FIGURE })], "/lab/one.mjs");
    expect(errorOf(() => first.child([metric("two", { lag: FIGURE })], "/lab/two.mjs")).message).toContain(
      'the metric "two" declares the figure "lag", which the metric "one" of /lab/one.mjs declares already',
    );
    expect(refusal(metric("one", { lag: FIGURE }), metric("two", { lag: FIGURE }))).toContain(
      'the metric "two" declares the figure "lag", which the metric "one" of the same list declares already',
    );
  });
  test("built-in metrics share none, which building the catalogue checks", () => {
    const all = builtins.flatMap((definition) => (definition.kind === "metric" ? Object.keys(definition.figures) : []));
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(20);
  });
  test("a sampler called like decoded means would give its figures their names", () => {
    const sampler = { ...(metric("means", {}) as object), kind: "sampler", figures: undefined };
    expect(refusal(sampler)).toContain('(the sampler "means") has');
  });
});

describe("a declaration is whole", () => {
  test("and is then taken, with whatever is optional", () => {
    const figure = {
      ...FIGURE,
      by: ["set", "class"],
      prominence: "detail",
      bound: "few draws",
      chart: "nll",
      k: "draws",
    };
    const planes = [{ x: { figure: "lag" }, y: { figure: "nll" }, reading: "Down is better" }];
    expect(catalogue.child([metric("lag", { lag: figure }, { planes })], "p").names("metric")).toContain("lag");
  });
  test.each<[string, unknown, object?]>([
    ['declares no "figures"', undefined],
    ['declares no "figures"', {}],
    ["names are like", { "my/lag": FIGURE }],
    ["names are like", { __proto__x: FIGURE }],
    ["without an object", { lag: "steps" }],
    ['without "unit"', { lag: { ...FIGURE, unit: undefined } }],
    ['without "reading"', { lag: { ...FIGURE, reading: "" } }],
    ['whose "better" is none of higher, lower, neither', { lag: { ...FIGURE, better: "more" } }],
    ['whose "section" is none of', { lag: { ...FIGURE, section: "mine" } }],
    ['whose "prominence" is none of', { lag: { ...FIGURE, prominence: "huge" } }],
    ['whose "by" is no list of set, field, class, latent, encoder', { lag: { ...FIGURE, by: ["seed"] } }],
    ['whose "bound" is not a string', { lag: { ...FIGURE, bound: 3 } }],
    ['"planes" that are no list', { lag: FIGURE }, { planes: [{ x: "lag", y: "nll" }] }],
  ])("%s", (reason, figures, more) => {
    expect(refusal(metric("lag", figures, more))).toContain(reason);
  });
});
