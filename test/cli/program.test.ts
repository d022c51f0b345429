/** Help, usage errors and exit codes: what the command line says before it does anything. */
import { beforeAll, describe, expect, test } from "vitest";
import { buildOnce, folderOf, startVaelab, vaelab, vaelabProcess } from "./command.js";

const COMMANDS = [
  "run",
  "plan",
  "resume",
  "validate",
  "config",
  "list",
  "describe",
  "sample",
  "reconstruct",
  "report",
  "data",
  "doctor",
  "engine",
];

beforeAll(buildOnce);

describe("help", () => {
  test("of the program names every command in its group, with examples", async () => {
    const { code, stdout, stderr } = await vaelab(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    for (const group of ["Experiments:", "Specs and components:", "Finished runs:", "This machine:", "Examples:"])
      expect(stdout).toContain(`\n${group}\n`);
  });
  test.each(COMMANDS)("of %s says how it is called, with an example that names it", async (command) => {
    const { code, stdout, stderr } = await vaelab([command, "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^Usage: vaelab ${command}`));
    expect(stdout).toMatch(new RegExp(`Examples:\\n  vaelab ${command}`));
  });
  test.each(
    COMMANDS.filter((command) => !["data", "engine"].includes(command)).concat(
      ...["list", "add", "remove"].map((name) => `data ${name}`),
      ...["install", "path", "remove"].map((name) => `engine ${name}`),
    ),
  )("%s takes --json", async (command) => {
    const { stdout } = await vaelab([...command.split(" "), "--help"]);
    expect(stdout).toContain("--json");
  });
  test("`help COMMAND` is `COMMAND --help`", async () => {
    const [long, short] = await Promise.all([vaelab(["help", "plan"]), vaelab(["plan", "--help"])]);
    expect(long.stdout).toBe(short.stdout);
    expect(long.code).toBe(0);
  });
  test("--version is that of the package", async () => {
    const { code, stdout } = await vaelabProcess(["--version"]);
    const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` });
  });
});

describe("a command line that cannot be understood exits with 2 and says what would be right", () => {
  test.each([
    ["an unknown command", ["rnu", "x.json"], "unknown command 'rnu'. Did you mean run?\n"],
    ["an unknown option", ["resume", "x", "--epochss", "3"], "unknown option '--epochss'. Did you mean --epochs?\n"],
    ["an unknown subcommand", ["engine", "instal"], "unknown command 'instal'. Did you mean install?\n"],
    ["a missing argument", ["run"], "missing required argument 'spec'. Run: vaelab run --help\n"],
    [
      "one argument too many",
      ["report", "a", "b"],
      "too many arguments for 'report'. Expected 1 argument but got 2. Run: vaelab report --help\n",
    ],
    ["a missing value", ["run", "x.json", "--out"], "option '--out <dir>' argument missing. Run: vaelab run --help\n"],
    [
      "a number that is none",
      ["sample", "x", "--count", "many"],
      "option '--count <n>' argument 'many' is invalid. It must be a whole number, 1 or more. Run: vaelab sample --help\n",
    ],
    [
      "a number out of range",
      ["sample", "x", "--count", "0"],
      "option '--count <n>' argument '0' is invalid. It must be a whole number, 1 or more. Run: vaelab sample --help\n",
    ],
    [
      "an unknown engine",
      ["run", "x.json", "--engine", "gpu"],
      "option '--engine <name>' argument 'gpu' is invalid. Allowed choices are auto, native, wasm, cpu. Run: vaelab run --help\n",
    ],
  ])("%s", async (_, args, message) => {
    expect(await vaelab(args)).toMatchObject({ code: 2, stdout: "", stderr: message });
  });
  test("nothing at all gets the help", async () => {
    const { code, stderr } = await vaelabProcess([]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: vaelab/);
  });
  test("with --json the problem is an object on stdout too", async () => {
    const { code, records, stderr } = await vaelab(["run", "--json"]);
    expect(code).toBe(2);
    expect(records()).toEqual([
      { type: "error", code: "USAGE", message: "missing required argument 'spec'", remedy: "Run: vaelab run --help" },
    ]);
    expect(stderr).toBe("missing required argument 'spec'. Run: vaelab run --help\n");
  });
});

describe("streams", () => {
  test("a reader that goes away ends nothing with an error", async () => {
    const child = startVaelab(["list", "--json"]);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
  test("an error has a stack only where VAELAB_DEBUG asks for one", async () => {
    const folder = folderOf();
    const plain = await vaelab(["validate", "nowhere.json"], { cwd: folder });
    expect(plain).toMatchObject({ code: 2, stderr: "nowhere.json does not exist\n" });
    const debug = await vaelab(["validate", "nowhere.json"], { cwd: folder, env: { VAELAB_DEBUG: "1" } });
    expect(debug.stderr).toMatch(/\n {4}at /);
  });
});
