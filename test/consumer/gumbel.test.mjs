/** The plugin's own tests, by a runner of its choice: node --test gumbel.test.mjs */
import { test } from "node:test";
import { tf } from "vaelab/tensor";
import { distributionLaws, lawsOf, loadEngine, specLaws } from "vaelab/testing";
import plugin, { Gumbel } from "./built/gumbel.js";

const engine = await loadEngine();
const distribution = {
  name: "Gumbel",
  make: (location, logScale) => new Gumbel(location, logScale),
  parameters: [
    [[0.3], [-1]],
    [[0.1], [-0.4]],
  ],
  klTo: { another: () => new Gumbel(tf.tensor1d([0.5]), tf.tensor1d([0.2])) },
};
const y = { observed: "label" };
const z = {
  size: 2,
  inferredFrom: ["x", "y"],
  posterior: { type: "flow", base: "gumbel", layers: ["sinh-arcsinh"] },
};
const specs = {
  "with a VampPrior": { model: { latent: 2, posterior: "gumbel", prior: { type: "vamp", components: 3 } } },
  "with a mixture and a label": { model: { latents: { y, z: { ...z, prior: "gaussian-mixture" } } } },
};
const laws = [
  ...distributionLaws(engine, distribution),
  ...plugin.flatMap((definition) => lawsOf(engine, definition, { plugin })),
  ...Object.entries(specs).flatMap(([name, spec]) => specLaws(engine, spec, { plugin, name })),
];
for (const { name, check } of laws) test(name, check);
