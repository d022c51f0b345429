/** The documents say what is so: their specs validate, their commands exist, their messages are printed, their code trains. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProgram } from "../../src/cli/program.js";
import { KINDS, kinds } from "../../src/contracts/kinds.js";
import { VaelabError } from "../../src/errors.js";
import { loadOptions } from "../../src/experiments/runs/load-options.js";
import { loadExperiment } from "../../src/registry/experiment.js";
import { planTrials } from "../../src/registry/planning/trials.js";
import { buildOnce, node, type Result, vaelab, vaelabProcess } from "../cli/command.js";
import { root } from "../structure/rooms.js";
import { transpile, typeErrors } from "./compile.js";
import { blocks, commands, DOCUMENTS, type Shown, sessions, spans, textOf } from "./markdown.js";

/** A project with the package installed, the documents' files in it. */
const project = mkdtempSync(join(tmpdir(), "vaelab-docs-"));
afterAll(() => rmSync(project, { recursive: true, force: true }));
const inProject = (args: readonly string[]): Promise<Result> => vaelab(args, { cwd: project });

const specs = blocks.filter(({ language }) => language === "json");
const code = blocks.filter(({ language }) => language === "ts");
/** A part of a spec is tried on top of the complete one. */
const whole = (body: string): string =>
  JSON.stringify({ extends: ["./my.json"], ...(JSON.parse(body) as Record<string, unknown>) });
const files = specs.map(({ name, body }, i) => ({
  file: name ?? `part-${i}.json`,
  body: name === undefined ? whole(body) : body,
}));
const isWrong = (file: string): boolean => file.startsWith("wrong");

beforeAll(() => {
  buildOnce();
  mkdirSync(join(project, "node_modules"));
  symlinkSync(root, join(project, "node_modules", "vaelab"), "dir");
  writeFileSync(join(project, "package.json"), '{ "name": "reader", "private": true, "type": "module" }\n');
  for (const { file, body } of files) writeFileSync(join(project, file), body);
  for (const { name, body } of code) {
    if (name === undefined) throw new Error("a block of TypeScript has no file name");
    writeFileSync(join(project, name), body);
    writeFileSync(join(project, name.replace(/ts$/, "js")), transpile(body));
  }
});

const trialsOf = async (file: string): Promise<number> =>
  planTrials(await loadExperiment(join(project, file), loadOptions())).length;

describe("specs", () => {
  test("are shown: right ones, wrong ones and parts", () => {
    const names = files.map(({ file }) => file);
    expect(names).toContain("my.json");
    expect(names.some(isWrong) && names.some((name) => name.startsWith("part-"))).toBe(true);
  });
  test.each(files.map(({ file }) => file).filter((file) => !isWrong(file)))("%s validates", async (file) => {
    expect(await trialsOf(file)).toBeGreaterThan(0);
  });
  test.each(files.map(({ file }) => file).filter(isWrong))("%s is refused", async (file) => {
    await expect(trialsOf(file)).rejects.toThrow(VaelabError);
  });
  test("the sweep has as many trials as is said", async () => {
    const [sweep] = files.filter(({ body }) => "sweep" in (JSON.parse(body) as object));
    expect(textOf("docs/spec.md").replaceAll("\n", " ")).toContain(`= ${await trialsOf(sweep!.file)} trials`);
  });
  test("every preset that ships is named", () => {
    const presets = readdirSync(join(root, "examples/presets")).map((file) => basename(file, ".json"));
    for (const preset of presets) expect(spans).toContain(preset);
  });
});

/** Throws where a command line names a command or option that there is not, or lacks an argument. */
const understand = (words: readonly string[]): string => {
  let command: Command = createProgram();
  let rest = words;
  for (;;) {
    const inner = command.commands.find((each) => each.name() === rest[0]);
    if (!inner) break;
    command = inner;
    rest = rest.slice(1);
  }
  const values: string[] = [];
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (!word.startsWith("-")) {
      values.push(word);
      continue;
    }
    const [name, inline] = word.split("=");
    const option = command.options.find((each) => each.long === name || each.short === name);
    if (!option && name !== "--help") throw new Error(`${command.name()} has no option ${name}`);
    if (!option?.required) continue;
    const value = inline ?? rest[++i];
    if (value === undefined) throw new Error(`${name} has no value`);
    if (option.argChoices && !option.argChoices.includes(value)) throw new Error(`${name} cannot be ${value}`);
  }
  const least = command.registeredArguments.filter(({ required }) => required).length;
  const most = command.registeredArguments.some(({ variadic }) => variadic)
    ? Infinity
    : command.registeredArguments.length;
  if (values.length < least || values.length > most) throw new Error(`${command.name()} takes other arguments`);
  return command.name();
};

/** Dots stand for the rest of a list that grows with every component. */
const asShown = (printed: string): RegExp => {
  const literal = printed.split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`);
};

const CHEAP = ["list", "describe", "validate", "config", "plan", "--help"];
const ofVaelab = commands.filter(({ words }) => words[0] === "vaelab");
const isCheap = ({ words }: Shown): boolean => CHEAP.includes(words[1] ?? "") && !words.includes("--measure");

describe("commands", () => {
  test("the check tells what exists from what does not", () => {
    expect(understand(["validate", "a.json", "--set", "x=1"])).toBe("validate");
    expect(understand(["engine", "install", "--force"])).toBe("install");
    expect(() => understand(["validate", "a.json", "--sett", "x=1"])).toThrow("no option --sett");
    expect(() => understand(["run", "a.json", "--engine", "tpu"])).toThrow("cannot be tpu");
    expect(() => understand(["train", "a.json"])).toThrow("other arguments");
    expect(() => understand(["resume"])).toThrow("other arguments");
  });
  test.each(ofVaelab)("$line: is understood", ({ words }) => {
    expect(() => understand(words.slice(1))).not.toThrow();
  });
  test.each(ofVaelab.filter(isCheap))("$line: runs", async ({ words }) => {
    expect(await inProject(words.slice(1))).toMatchObject({ code: 0, stderr: "" });
  });
  test("of npm are scripts of the package", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    const named = commands
      .filter(({ words }) => words[0] === "npm")
      .map(({ words }) => words[words[1] === "run" ? 2 : 1]);
    expect(named).toEqual(expect.arrayContaining(["start", "test", "schemas"]));
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });
  test.each(sessions)("$line: prints what is said", async ({ words, printed }) => {
    const { stdout, stderr } = await inProject(words.slice(1));
    // Padding at the end of a table's row is nothing that a document keeps.
    expect((stdout + stderr).replaceAll(/ +$/gm, "").trimEnd()).toMatch(asShown(printed));
  });
});

describe("code", () => {
  test("compiles, and a spec with the plugin's field misspelled does not", () => {
    const experiment = code.find(({ name }) => name === "experiment.ts")!.body;
    expect(experiment).toContain("scale: 0.7");
    writeFileSync(join(project, "misspelled.ts"), experiment.replace("scale: 0.7", "scael: 0.7"));
    const names = [...code.map(({ name }) => name!), "misspelled.ts"];
    const errors = typeErrors(names.map((name) => join(project, name)));
    expect(Object.keys(errors)).toEqual(["misspelled.ts"]);
    expect(errors["misspelled.ts"]!.join()).toContain("logistic");
  }, 180_000);
  test("the plugin's own tests run every law, without a failure", async () => {
    const file = "logistic.test.js";
    expect(code.map(({ name }) => name)).toContain(file.replace(/js$/, "ts"));
    const { code: status, stdout } = await node(["--test", "--test-reporter=tap", file], { cwd: project });
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/^ *ok \d+ - prior\/logistic: over \[1\], its mass is 1/m);
    expect(stdout).toMatch(/^# pass [1-9]\d$/m);
  }, 180_000);
  test("the plugin trains", async () => {
    const small = ["epochs=1", "batchSize=64"].map((set) => `training.${set}`);
    const sizes = ["train=256", "validation=64", "test=64"].map((set) => `data.${set}`);
    const sets = [...small, ...sizes, "evaluation.refit.epochs=0", "capture=require"].flatMap((set) => ["--set", set]);
    const { code: status, stderr } = await vaelabProcess(["run", "plugged.json", ...sets, "--out", "plugged"], {
      cwd: project,
    });
    expect(status, stderr).toBe(0);
    const { measurements } = JSON.parse(readFileSync(join(project, "plugged/metrics.json"), "utf8")) as {
      measurements: Record<string, { value: number | null }>;
    };
    // No closed form: the rate is Monte Carlo, and a number all the same.
    expect(measurements.rate?.value).toEqual(expect.any(Number));
  }, 180_000);
});

test("every hook of a definition is named in docs/plugins.md", () => {
  const rows = [...textOf("docs/plugins.md").matchAll(/^\| `(\w+)[^`|]*` +\|/gm)].map(([, name]) => name);
  const hooks = new Set<string>(KINDS.flatMap((kind) => kinds[kind].hooks));
  expect([...hooks].filter((hook) => !rows.includes(hook))).toEqual([]);
});

test("the README has at most 150 lines", () => {
  expect(textOf("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(150);
});

describe("paths", () => {
  test.each(DOCUMENTS)("that %s links to exist", (document) => {
    const links = [...textOf(document).matchAll(/\]\(([^)#\s]+)\)/g)].map(([, link]) => link!);
    for (const link of links.filter((each) => !each.startsWith("https:")))
      expect(existsSync(join(root, dirname(document), link)), link).toBe(true);
  });
  test("in running text exist", () => {
    const paths = spans.filter((span) => /^(src|test|scripts|docs|examples|schemas)\/[\w./-]*$/.test(span));
    expect(paths).toContain("src/contracts/program.ts");
    for (const path of paths.filter((each) => !/logistic|^schemas\//.test(each)))
      expect(existsSync(join(root, path)), path).toBe(true);
  });
});
