/**
 * The package as a stranger gets it: packed, installed in an empty project, and used there. A plugin (test/consumer) is
 * compiled against the packed types, tested, named in a spec, listed, described, validated, trained and resumed; and its run is
 * used on new examples, by the command line and in a program.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, execPath } from "node:process";
import { build } from "./build.mjs";
import { root } from "./sources.mjs";

const folder = mkdtempSync(join(tmpdir(), "vaelab-consumer-"));
const project = join(folder, "project");

/** Runs a command in the project and returns its stdout; anything but the status expected is the end of this check. */
const run = (program, args, { status: expected = 0, cwd = project } = {}) => {
  const shown = `${program === execPath ? "node" : program} ${args.join(" ")}`;
  const from = performance.now();
  // npm's settings of the repository itself (scripts off) are not the stranger's.
  const inherited = Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_config_ignore_scripts$/i.test(name)),
  );
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: inherited,
    maxBuffer: 2 ** 26,
  });
  if (error) throw error;
  if (status !== expected) throw new Error(`${shown}: exit ${status}, not ${expected}\n${stdout}${stderr}`);
  console.log(
    `   ${shown.length > 100 ? `${shown.slice(0, 97)}...` : shown}  (${((performance.now() - from) / 1000).toFixed(1)} s)`,
  );
  return stdout;
};
const expect = (condition, message) => {
  if (!condition) throw new Error(message);
};
const npm = (args, options) =>
  env.npm_execpath?.endsWith(".js") ? run(execPath, [env.npm_execpath, ...args], options) : run("npm", args, options);
const vaelab = (args, options) => run(execPath, [join("node_modules", "vaelab", "dist", "cli.js"), ...args], options);

try {
  await build();
  mkdirSync(project);
  npm(["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  expect(tarball, "npm pack left no tarball");
  writeFileSync(join(project, "package.json"), '{ "name": "stranger", "private": true, "type": "module" }\n');
  npm(["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", join(folder, tarball)]);
  for (const name of readdirSync(join(root, "test", "consumer")))
    cpSync(join(root, "test", "consumer", name), join(project, name));

  // Every declaration is checked, those of the package included; what is wrong in tfjs's own (a missing Long) is not ours.
  const tsc = spawnSync(
    execPath,
    [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", ".", "--pretty", "false"],
    {
      cwd: project,
      encoding: "utf8",
    },
  );
  const errors = tsc.stdout
    .split("\n")
    .filter((line) => /error TS/.test(line) && !/^node_modules\/(?!vaelab\/)/.test(line));
  expect(errors.length === 0, `the plugin does not compile against the packed types:\n${errors.join("\n")}`);
  expect(vaelab(["--help"]).includes("vaelab"), "--help says nothing");
  for (const [kind, own, builtIn, field] of [
    ["prior", "logistic", "vamp", "scale"],
    ["encoder", "one-layer", "mlp", "width"],
  ]) {
    const listed = vaelab(["list", kind, "--plugin", "built/logistic.js"]);
    expect(
      [own, builtIn].every((name) => new RegExp(`\\b${name}\\b`).test(listed)),
      `list does not show the plugin's ${kind} beside the built-in ones:\n${listed}`,
    );
    expect(
      vaelab(["describe", `${kind}/${own}`, "--plugin", "built/logistic.js"]).includes(field),
      `describe does not show the field of the plugin's ${kind}`,
    );
  }
  // The tests of a plugin, by Node's own runner.
  const tests = run(execPath, ["--test", "--test-reporter=tap", "gumbel.test.mjs"]);
  expect(/^# pass [1-9]\d+$/m.test(tests), `the tests of the plugin ran no law:\n${tests}`);
  vaelab(["validate", "gumbel.json"]);
  vaelab(["validate", "logistic.json"]);
  for (const misspelled of ["model.prior.scael=2", "model.encoder.widht=2"])
    vaelab(["validate", "logistic.json", "--set", misspelled], { status: 2 });
  vaelab(["run", "logistic.json", "--engine", "auto", "--out", "run"]);
  vaelab(["resume", "run"]);
  vaelab(["resume", "run", "--epochs", "2"]);
  vaelab(["sample", "run", "--count", "150", "--seed", "3", "--out", "new.npz"]);
  vaelab(["encode", "run", "--input", "new.npz", "--out", "codes.csv"]);
  vaelab(["score", "run", "--input", "new.npz", "--samples", "20", "--out", "scores.csv"]);
  run(execPath, ["use.mjs", "run", "codes.csv", "scores.csv"]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
