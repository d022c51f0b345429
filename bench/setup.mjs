/** What the bench runs with: peers in a virtual environment of their own, vaelab's workers bundled, the digits as a raw file. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { build } from "esbuild";
import { root } from "../scripts/sources.mjs";
import { startChild } from "./child.mjs";

const bench = join(root, "bench");
const venv = join(bench, ".venv");
const bundles = join(root, "node_modules", ".cache", "vaelab-bench");
export const results = join(bench, "results");
export const digitsFolder = join(results, "digits");
export const python = join(venv, "bin", "python");

const installPeers = () => {
  const requirements = join(bench, "requirements.txt");
  const stamp = join(venv, "requirements");
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("installing the peers into bench/.venv (about 3 GB to download)");
  execFileSync("python3", ["-m", "venv", venv], { stdio: "inherit" });
  execFileSync(python, ["-m", "pip", "install", "--quiet", "--no-deps", "-r", requirements], { stdio: "inherit" });
  writeFileSync(stamp, wanted);
};

export const setUp = async () => {
  installPeers();
  mkdirSync(results, { recursive: true });
  if (!existsSync(join(digitsFolder, "test.f32")))
    execFileSync(execPath, [join(root, "test", "oracles", "export-digits.mjs"), digitsFolder], { stdio: "inherit" });
  const folder = join(bench, "vaelab");
  await build({
    entryPoints: readdirSync(folder).map((file) => join(folder, file)),
    outdir: bundles,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
};

export const peersFolder = join(bench, "peers");
/** A worker of bench/vaelab, once `setUp` has bundled it. */
export const bundled = (script) => join(bundles, script);
export const peer = (name, script, ...args) =>
  startChild(name, python, [join(peersFolder, script), ...args], { cwd: peersFolder });
/** One with a single thread. */
export const lonePeer = (name, script, ...args) =>
  startChild(name, python, [join(bench, "peers", script), ...args], {
    cwd: join(bench, "peers"),
    env: { OMP_NUM_THREADS: "1" },
  });
/** One whose threads sleep where they would spin: better beside other work, for a spinning thread keeps its partner waiting. */
export const sleepingPeer = (name, script, ...args) =>
  startChild(name, python, [join(peersFolder, script), ...args], {
    cwd: peersFolder,
    env: { OMP_WAIT_POLICY: "PASSIVE" },
  });
export const vaelab = (name, script, ...args) => startChild(name, execPath, [bundled(script), ...args], { cwd: root });
export const digits = (split) => join(digitsFolder, `${split}.f32`);
