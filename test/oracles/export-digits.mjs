/**
 * The digits exactly as a spec's `data` gives them, for scripts that know nothing of vaelab: one raw float32 file a split.
 * Usage: node test/oracles/export-digits.mjs FOLDER
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = process.argv[2];
if (!folder) throw new Error("usage: node test/oracles/export-digits.mjs FOLDER");
const bundle = mkdtempSync(join(root, "node_modules", ".export-digits-"));
try {
  const outfile = join(bundle, "digits.mjs");
  const entryPoints = [join(root, "src/data/bundled/digits.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
  const { digits } = await import(pathToFileURL(outfile).href);
  const fields = { type: "digits", binarize: "static", seed: 0, train: 8000, validation: 1000, test: 1000 };
  const dataset = await digits.create(fields, { folder: root });
  mkdirSync(folder, { recursive: true });
  for (const name of ["train", "validation", "test"]) {
    const split = dataset.split(name, "evaluation");
    const { image } = split.read(Int32Array.from({ length: split.size }, (_, i) => i));
    writeFileSync(join(folder, `${name}.f32`), new Uint8Array(image.buffer, image.byteOffset, image.byteLength));
  }
} finally {
  rmSync(bundle, { recursive: true, force: true });
}
