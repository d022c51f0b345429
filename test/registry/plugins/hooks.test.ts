/** What is said of a plugin whose hooks or schema fail: the component, and the line of the plugin. */
import { describe, expect, test } from "vitest";
import { asVaelabError } from "../../../src/tensor/fault.js";
import { least } from "../support/definitions.js";
import { prior, using } from "../support/plugin-sources.js";
import { workspace } from "../support/workspace.js";

describe("a plugin's hooks", () => {
  const withHook = (hook: string) =>
    workspace({ "a.json": using("./p.mjs"), "p.mjs": `export default [${prior("laplace", hook)}];` });
  test("a resolve that breaks its own schema, or throws, is the plugin's fault", async () => {
    expect(await withHook('resolve: (fields) => ({ ...fields, scale: "x" })').refusal("a.json")).toEqual([
      "CONTRACT",
      '/model/prior  resolve of the prior "laplace" gives fields that its schema refuses: /scale should be a number, not the text "x"',
    ]);
    expect(await withHook('resolve: () => { throw new Error("no"); }').refusal("a.json")).toEqual([
      "CONTRACT",
      '/model/prior  resolve of the prior "laplace" throws: no (p.mjs:5)',
    ]);
  });
  test("an unknown capability, declared or required, is refused with the nearest name, whoever needs it", async () => {
    expect(await withHook('capabilities: () => ["density", "factorised"]').refusal("a.json")).toEqual([
      "CONTRACT",
      '/model/prior  capabilities of the prior "laplace" names "factorised", which is not a capability of a prior. Did you mean "factorized"? Known: density, factorized, conditional, encodes, fixed. A capability of your own has a slash in its name, as in "mine/factorised".',
    ]);
    const needing = (kind: string, capability: string) =>
      withHook(`requires: () => [{ kind: "${kind}", capability: "${capability}", reason: "It is." }]`).refusal(
        "a.json",
      );
    expect(await needing("posterior", "densty")).toEqual([
      "CONTRACT",
      '/model/prior  requires of the prior "laplace" names "densty", which is not a capability of a posterior. Did you mean "density"? Known: density, evaluable, mean, enumerable, discrete, unrelaxed, reparameterized, factorized, joint, metric, partial, encodes. A capability of your own has a slash in its name, as in "mine/densty".',
    ]);
    expect(await needing("posteriors", "density")).toEqual([
      "CONTRACT",
      expect.stringContaining('requires of the prior "laplace" names the kind "posteriors". Did you mean "posterior"?'),
    ]);
  });
  test("capabilities of its own, with a slash, match between its components", async () => {
    const needs = 'requires: () => [{ kind: "posterior", capability: "vq/codebook", reason: "Use vq." }]';
    expect(await withHook(needs).refusal("a.json")).toEqual([
      "SPEC_COMBINATION",
      expect.stringContaining(
        'needs a posterior with "vq/codebook", which posterior "diagonal-gaussian" does not have',
      ),
    ]);
    const posterior = prior("vq", 'capabilities: () => ["density", "vq/codebook"]').replace('"prior"', '"posterior"');
    const place = workspace({
      "a.json": { ...using("./p.mjs"), model: { ...least.model, prior: "laplace", posterior: "vq" } },
      "p.mjs": `export default [${prior("laplace", needs)}, ${posterior}];`,
    });
    expect((await place.load("a.json")).spec.model.posterior.type).toBe("vq");
  });
  test("another hook that throws is traced to the component and its line, not called a fault of vaelab", async () => {
    const place = withHook('capabilities: () => { throw new TypeError("no"); }');
    const error = asVaelabError(await place.load("a.json").catch((thrown: unknown) => thrown));
    expect(error.code).toBe("CONTRACT");
    expect(error.message.replaceAll(`${place.folder}/`, "")).toBe(
      "p.mjs:5  the plugin throws, in prior/laplace: TypeError: no. VAELAB_DEBUG=1 prints where from.",
    );
  });
  test("a schema that is not JSON Schema is the plugin's fault", async () => {
    const code = `const p = ${prior("laplace")}; p.schema.properties.scale.minimum = "0"; export default [p];`;
    expect(await workspace({ "a.json": using("./p.mjs"), "p.mjs": code }).refusal("a.json")).toEqual([
      "CONTRACT",
      'the schema of "prior/laplace" is not valid: schema is invalid: data/properties/scale/minimum must be number',
    ]);
  });
});
