/** A spec with a plugin's components is validated, trained and captured; what is wrong with it is told by its laws. */
import { expect, test } from "vitest";
import { DiagonalGaussian } from "../../../src/distributions/diagonal-gaussian.js";
import { definePrior } from "../../../src/spec/define.js";
import { tf } from "../../../src/tensor/tensor.js";
import { checkLaws } from "../../../src/testing/law.js";
import { specLaws } from "../../../src/testing/laws/spec.js";
import { useEngine } from "../../support/engine.js";

const engine = await useEngine();

const wide = definePrior({
  schema: {
    type: "object",
    title: "wide Gaussian",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "wide" }, variance: { type: "number", exclusiveMinimum: 0, default: 4 } },
  },
  capabilities: () => ["density"],
  create: ({ variance }, { latent }) => ({
    at: () => new DiagonalGaussian(tf.zeros([...latent]), tf.fill([...latent], Math.log(variance)), latent.length),
  }),
});
const plugin = [wide];

test("a right one passes", async () => {
  await checkLaws(specLaws(engine, { model: { prior: { type: "wide", variance: 2 } } }, { plugin }));
});

test("one that is refused says why, by each law", async () => {
  const laws = specLaws(engine, { model: { prior: { type: "wide", varance: 2 } } }, { plugin, name: "wide.json" });
  const error = await checkLaws(laws).catch((thrown: Error) => thrown.message);
  const lines = String(error).split("\n");
  expect(lines).toHaveLength(laws.length);
  expect(lines[0]).toMatch(/^wide\.json: validates {2}.*unknown key "varance" of "wide". Did you mean "variance"\?/);
});

test("a name that a built-in component has is refused", async () => {
  const taken = { ...wide, schema: { ...wide.schema, properties: { type: { const: "gaussian" } } } };
  const [validates] = specLaws(engine, {}, { plugin: [taken as never] });
  await expect(validates!.check()).rejects.toThrow(/the prior "gaussian" is already defined by vaelab/);
});
