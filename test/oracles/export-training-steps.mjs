/**
 * What specs begin from, for scripts that know nothing of vaelab: first weights, batches and noise, raw float32 in the machine's
 * byte order. Noise is that of the site "z" of the objective "elbo". Usage:
 *
 *     node test/oracles/export-training-steps.mjs FOLDER
 *
 *     FOLDER/specs.json   {"steps": n, "specs": {NAME: spec}}, read
 *     FOLDER/NAME.json    {"ARRAY": shape}, written, with an ARRAY.f32 each in the folder NAME, "/" in their names a "."
 *
 * Arrays: "batches" [steps, batch, ...image], "noise" [steps, draws, batch, latent], and each parameter by its name.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = process.argv[2];
if (!folder) throw new Error("usage: node test/oracles/export-training-steps.mjs FOLDER");
const bundle = mkdtempSync(join(root, "node_modules", ".export-training-steps-"));
try {
  const outfile = join(bundle, "steps.mjs");
  const contents = [
    'export { stepsOfARun } from "./test/experiments/support/steps-of-a-run.ts";',
    'export { hashInts } from "./src/numerics/streams.ts";',
    'export { statelessNormal } from "./src/engine/noise/philox.ts";',
  ].join("\n");
  const options = { outfile, bundle: true, platform: "node", format: "esm", packages: "external" };
  await build({ stdin: { contents, resolveDir: root }, ...options });
  const { stepsOfARun, hashInts, statelessNormal } = await import(pathToFileURL(outfile).href);
  const site = hashInts("elbo/infer/z");
  const { steps, specs } = JSON.parse(readFileSync(join(folder, "specs.json"), "utf8"));
  for (const [name, written] of Object.entries(specs)) {
    const { spec, initialValues, split, rowsAt, keyAt } = await stepsOfARun(written);
    const every = Array.from({ length: steps }, (_, step) => step);
    const { batchSize } = spec.training;
    const drawn = [spec.objective.samples, batchSize, spec.model.latent];
    const join32 = (parts) => Float32Array.from(parts.flatMap((part) => Array.from(part)));
    const noiseAt = (step) =>
      statelessNormal(
        keyAt(step).map((word, i) => word + site[i]),
        drawn.reduce((a, b) => a * b),
      );
    const arrays = {
      ...initialValues,
      batches: { shape: [steps, batchSize, 784], data: join32(every.map((step) => split.read(rowsAt(step)).image)) },
      noise: { shape: [steps, ...drawn], data: join32(every.map(noiseAt)) },
    };
    mkdirSync(join(folder, name));
    const shapes = Object.fromEntries(Object.entries(arrays).map(([array, { shape }]) => [array, shape]));
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(shapes));
    for (const [array, { data }] of Object.entries(arrays))
      writeFileSync(join(folder, name, `${array.replaceAll("/", ".")}.f32`), data);
  }
} finally {
  rmSync(bundle, { recursive: true, force: true });
}
