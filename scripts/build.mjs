/**
 * src → dist. Library and command line are one build with shared chunks, so that there is one live `tf`:
 *
 *     src/index.ts       → dist/index.js     "vaelab"
 *     src/tensor/tensor.ts → dist/tensor.js    "vaelab/tensor"
 *     src/parts.ts       → dist/parts.js     "vaelab/parts"
 *     src/testing.ts     → dist/testing.js   "vaelab/testing"
 *     src/cli/main.ts    → dist/cli.js       the command
 *     src/experiments/launch/trial.ts → dist/trial.js   a process for trials of a sweep
 *     src/experiments/plugins/module-hooks.ts → dist/plugin-hooks.js   gives plugins this copy of vaelab
 *     everything shared or imported lazily → dist/chunks/
 *     declarations → dist/types (tsc)
 *
 * `node scripts/build.mjs [--no-types] [--force]`. What is up to date is left alone.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { argv, execPath } from "node:process";
import { pathToFileURL } from "node:url";
import { hashOfSources, root } from "./sources.mjs";

const dist = join(root, "dist");
const stamps = join(root, "node_modules", ".cache", "vaelab");

/**
 * These are bundled: from a chunk they load in a fraction of the time that their many small files take. The rest stays in
 * node_modules, because it is large, has files of its own beside the code, or must exist once in a process.
 */
const BUNDLED = [
  "ajv",
  "cli-progress",
  "commander",
  "fastest-levenshtein",
  "inversify",
  "jsonc-parser",
  "reflect-metadata",
  "seedrandom",
];

const GRADIENTS = "@tensorflow/tfjs-core/dist/register_all_gradients.js";

const isFresh = (name, hash, product) => {
  const stamp = join(stamps, name);
  return existsSync(product) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
};
const stampAs = (name, hash) => {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), hash);
};

const ENTRIES = {
  index: "src/index.ts",
  tensor: "src/tensor/tensor.ts",
  parts: "src/parts.ts",
  testing: "src/testing.ts",
  cli: "src/cli/main.ts",
  trial: "src/experiments/launch/trial.ts",
  "plugin-hooks": "src/experiments/plugins/module-hooks.ts",
};

const buildScripts = async () => {
  const { build } = await import("esbuild");
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir: "dist",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // jsonc-parser's "main" cannot be bundled; its "module" can.
    mainFields: ["module", "main"],
    external: [...external, ...Object.keys(peerDependencies)],
    // Gradients alone of tfjs-core: ES modules that Node cannot import as they lie there, and that may exist twice.
    alias: { [GRADIENTS]: `./node_modules/${GRADIENTS}` },
    // What is bundled from CommonJS asks for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module";\nconst require = createRequireHere(import.meta.url);',
    },
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "eof",
    logLevel: "warning",
    write: false,
  });
  const files = outputFiles.map((file) => ({ path: file.path, name: relative(dist, file.path), text: file.text }));
  mkdirSync(join(dist, "chunks"), { recursive: true });
  // Chunks first and by rename, so that a command started meanwhile finds either the old files or the new ones whole.
  for (const { path, name, text } of files.sort(
    (a, b) => Number(b.name.startsWith("chunks")) - Number(a.name.startsWith("chunks")),
  )) {
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, text);
    if (name === "cli.js") chmodSync(temporary, 0o755);
    renameSync(temporary, path);
  }
  const kept = new Set(files.map(({ name }) => name));
  for (const name of readdirSync(join(dist, "chunks"))) {
    if (!kept.has(join("chunks", name))) rmSync(join(dist, "chunks", name), { force: true });
  }
};

const buildTypes = () => {
  rmSync(join(dist, "types"), { recursive: true, force: true });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("the declarations were not built: tsc found the errors above");
};

/** Returns what was built: nothing where all of it was up to date. */
export const build = async ({ types = true, force = false } = {}) => {
  const hash = hashOfSources("scripts/build.mjs", "tsconfig.json", "tsconfig.build.json");
  const built = [];
  if (force || !isFresh("scripts", hash, join(dist, "cli.js"))) {
    await buildScripts();
    stampAs("scripts", hash);
    built.push("scripts");
  }
  if (types && (force || !isFresh("types", hash, join(dist, "types", "index.d.ts")))) {
    buildTypes();
    stampAs("types", hash);
    built.push("types");
  }
  return built;
};

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    const built = await build({ types: !argv.includes("--no-types"), force: argv.includes("--force") });
    console.log(built.length ? `built ${built.join(" and ")} in dist/` : "the build is up to date");
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
