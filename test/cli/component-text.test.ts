/** What `describe` and the catalogue say of components. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtins } from "../../src/builtins.js";
import { cataloguePage } from "../../src/cli/catalogue-page.js";
import { type ComponentText, componentText } from "../../src/cli/component-text.js";
import { createCatalogue } from "../../src/registry/components/catalogue.js";
import { typeOf } from "../../src/spec/define.js";
import { root } from "../structure/rooms.js";

const catalogue = createCatalogue(builtins);
const textOf = (name: string): ComponentText => {
  const entry = catalogue.all().find(({ definition }) => `${definition.kind}/${typeOf(definition)}` === name);
  if (!entry) throw new Error(`there is no ${name}`);
  return componentText(entry, catalogue);
};
const said = (name: string, what: string): string[] =>
  textOf(name).combines.flatMap((combination) => (combination.what === what ? [combination.text] : []));

describe("what a component combines with", () => {
  test("says what it needs of another, who has it, and why", () => {
    expect(said("prior/vamp", "Needs")).toEqual([
      expect.stringMatching(/^posterior with "evaluable" \([^)]*diagonal-gaussian[^)]*\): A VampPrior is a mixture/),
    ]);
    expect(said("prior/vamp", "Needs")[0]).not.toContain("(deterministic");
  });
  test("says who refuses it, and for want of what", () => {
    const [text, ...others] = said("posterior/deterministic", "Refused with").filter((line) =>
      line.endsWith('"density"'),
    );
    expect(others).toEqual([]);
    expect(text).toContain("objective/elbo");
    expect(text).toMatch(/, which needs? "density"$/);
    expect(said("posterior/deterministic", "Refused with").join()).toContain("prior/vamp");
    expect(said("posterior/diagonal-gaussian", "Refused with")).toEqual([
      'prior/autoregressive, which needs "discrete"',
      'sampler/riemannian-uniform, which needs "metric"',
    ]);
  });
  test("says which data it takes, and why it refuses others", () => {
    expect(said("likelihood/bernoulli", "Takes")).toEqual(["binary images and vectors"]);
    expect(said("likelihood/bernoulli", "Refuses")).toContainEqual(
      expect.stringMatching(/^unit images, unit vectors: a Bernoulli is not a density over gray values/),
    );
    expect(said("likelihood/gaussian", "Takes")[0]).toMatch(/real images and vectors.*, tables$/);
    expect(said("likelihood/columns", "Takes")).toEqual(["tables"]);
    expect(said("likelihood/poisson", "Refuses")).toContainEqual(
      expect.stringMatching(/^tables: .*use the columns likelihood$/),
    );
  });
  test("is said of every built-in without any of them failing", () => {
    for (const entry of catalogue.all()) expect(componentText(entry, catalogue).title).not.toBe("");
  });
});

test("the formula is that of the paper", () => {
  expect(textOf("posterior/diagonal-gaussian").formula).toBe("q(z | x) = N(z; m(x), diag exp(l(x)))");
});

describe("docs/catalogue.md", () => {
  const page = cataloguePage(catalogue);
  test("is what the components say: else run npm run catalogue", () => {
    expect(readFileSync(join(root, "docs", "catalogue.md"), "utf8")).toBe(page);
  });
  test("has every component under its kind, with tables of equal rows", () => {
    const titles = [...page.matchAll(/^### `([^`]+)`$/gm)].map((match) => match[1]);
    expect(titles).toEqual(catalogue.all().map(({ definition }) => typeOf(definition)));
    const tables = page.split(/\n(?!\|)/).map((part) => part.split("\n").filter((line) => line.startsWith("|")));
    for (const lines of tables)
      expect(new Set(lines.map((line) => line.replaceAll("\\|", "").split("|").length)).size).toBeLessThan(2);
    expect(tables.filter((lines) => lines.length > 2).length).toBeGreaterThan(titles.length / 2);
  });
});
