/**
 * `npm run cover`: any part with any other. A pairwise design over structures, data and all registered components: each combination
 * trains, samples, encodes, scores and reads its checkpoint again, or validation refuses it with both parts named.
 *
 *     npm run cover -- [--seed 1] [--from 0] [--count N]      # rows FROM to FROM + N - 1 of the design of that seed; all if not given
 *
 * Exit 1 if there is a combination that neither runs nor is refused as it should be; its spec is printed.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { root } from "./sources.mjs";

const { values: options } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    count: { type: "string" },
  },
});
const wholeNumber = (name) => {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`--${name} takes a whole number, 0 or more`);
  return process.exit(2);
};
const [seed, from] = [wholeNumber("seed"), wholeNumber("from")];
const count = options.count === undefined ? undefined : wholeNumber("count");
process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";
process.env.TF_NUM_INTRAOP_THREADS ??= "1";

/** Bundles the code of the tests inside the package, where its imports are found. */
const load = async () => {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "cover-"));
  try {
    const outfile = join(folder, "cover.mjs");
    await build({
      absWorkingDir: root,
      entryPoints: ["test/contracts/support/cover/main.ts"],
      outfile,
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      logLevel: "warning",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const { cover } = await load();
const isSound = await cover({ seed, from, ...(count !== undefined && { count }), say: console.log });
process.exit(isSound ? 0 : 1);
