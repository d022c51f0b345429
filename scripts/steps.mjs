/** Steps of a longer job: each is announced, timed and counted. Plain Node, for it runs before anything is installed. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { env, execPath, stdout, versions } from "node:process";
import { root } from "./sources.mjs";

const started = performance.now();
const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;
const bold = (text) => (stdout.isTTY && !env.NO_COLOR ? `\u001b[1m${text}\u001b[22m` : text);

export const announce = (name) =>
  console.log(bold(`── ${name}`) + (performance.now() - started > 1000 ? `  (at ${seconds(started)})` : ""));
/** Announces a step, runs it and says how long it took. What it throws goes on to the caller. */
export const step = async (name, work) => {
  announce(name);
  const from = performance.now();
  const result = await work();
  console.log(`   ${name}: ${seconds(from)}`);
  return result;
};
export const elapsed = () => seconds(started);

/** Runs a command with this terminal; resolves to its exit status. */
export const command = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: "inherit", ...options });
    // The child decides what a signal means: a run checkpoints, and this process stays to pass its exit status on.
    const pass = (signal) => child.kill(signal);
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, pass);
    child.on("error", reject);
    child.on("close", (status, signal) => {
      for (const each of ["SIGINT", "SIGTERM"]) process.off(each, pass);
      resolve(status ?? (signal ? 1 : 0));
    });
  });

export const node = (args, options) => command(execPath, args, options);
/** npm itself, the one that runs this script where one does. */
export const npm = (args, options) =>
  env.npm_execpath?.endsWith(".js")
    ? node([env.npm_execpath, ...args], options)
    : command("npm", args, { shell: process.platform === "win32", ...options });
/** The built command line. */
export const vaelab = (args, options) => node([join(root, "dist", "cli.js"), ...args], options);

export const requireNode = () => {
  if (Number(versions.node.split(".")[0]) < 20)
    throw new Error(`vaelab needs Node 20 or later, and this is ${versions.node}`);
};

const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
/** Whether node_modules holds what the lockfile asks for, by npm's own note of what it put there. */
const dependenciesAreFresh = () => {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const present = packagesOf(installed);
  return Object.entries(packagesOf(join(root, "package-lock.json"))).every(
    ([path, { version, optional }]) => path === "" || (present[path] ? present[path].version === version : optional),
  );
};

export const ensureDependencies = async () => {
  if (dependenciesAreFresh()) return;
  await step("npm ci", async () => {
    if ((await npm(["ci", "--no-audit", "--no-fund"])) !== 0) throw new Error("npm ci failed: its message is above");
  });
};

/** True when the native engine is there afterwards; what stands against it has then been printed. */
export const ensureNativeEngine = async () => {
  if ((await vaelab(["engine", "path"], { stdio: "ignore" })) === 0) return true;
  return step("native engine", async () => (await vaelab(["engine", "install"])) === 0);
};
