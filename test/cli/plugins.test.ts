/** Plugins of runs, as their owner and as a stranger meets them: which run, which are refused, and what is said. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildOnce, folderOf, type Result, SMALL, vaelab, vaelabProcess } from "./command.js";

beforeAll(buildOnce);

/** A constant schedule, whose plugin leaves a line in a file whenever its code runs. */
const pluginThatLeaves = (line: string, value = 1): string => `
import { appendFileSync } from "node:fs";
import { scaled } from "./helper.mjs";
appendFileSync(process.env.RAN, ${JSON.stringify(`${line}\n`)});
export default [{
  kind: "schedule",
  schema: { type: "object", title: "plugged", required: ["type"], additionalProperties: false,
    properties: { type: { const: "plugged" } } },
  duration: () => 0,
  create: () => ({ at: () => scaled(${value}), final: scaled(${value}), end: 0 }),
}];
`;
const HELPER = "export const scaled = (x) => x;\n";
const SPEC = { ...SMALL, plugins: ["./plugin.mjs"], objective: { type: "elbo", beta: "plugged" } };

interface Place {
  folder: string;
  path(name: string): string;
  /** In a process of its own, as a process loads a plugin once; with a cache folder of this place's own, as on another machine. */
  run(...args: string[]): Promise<Result>;
  /** Runs what should be refused: in this process, which has loaded none of the place's plugins. */
  refused(...args: string[]): Promise<Result>;
  /** Lines that plugins left since this was last asked. */
  ran(): string[];
}
const placeOf = (files: Readonly<Record<string, string | object>>, folder = folderOf()): Place => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  const path = (name: string): string => join(folder, name);
  const RAN = path("ran");
  const options = { cwd: folder, env: { RAN, VAELAB_CACHE_DIR: path("cache") } };
  return {
    folder,
    path,
    run: (...args) => vaelabProcess(args, options),
    refused: (...args) => vaelab(args, options),
    ran: () => {
      const lines = existsSync(RAN) ? readFileSync(RAN, "utf8").trimEnd().split("\n") : [];
      rmSync(RAN, { force: true });
      return lines;
    },
  };
};
const succeeded = ({ code, stderr }: Result): void => expect(code, stderr).toBe(0);
const OWN = { "a.json": SPEC, "plugin.mjs": pluginThatLeaves("own"), "helper.mjs": HELPER };

const COMMANDS: readonly (readonly string[])[] = [
  ["sample", "run", "--count", "4"],
  ["reconstruct", "run", "--count", "2"],
  ["interpolate", "run", "--from", "0", "--to", "1"],
  ["traverse", "run"],
  ["encode", "run"],
  ["evaluate", "run"],
  ["resume", "run", "--epochs", "2"],
];

test("whoever ran a spec goes on with its plugins, told which are loaded", { timeout: 180_000 }, async () => {
  const place = placeOf(OWN);
  const ran = await place.run("run", "a.json", "--out", "run");
  succeeded(ran);
  expect(ran.stderr).toMatch(/^loading the plugin \S+plugin\.mjs {2}\(SHA-256 [0-9a-f]{12}\.\.\.\)$/m);
  const { plugins } = JSON.parse(readFileSync(place.path("run/provenance.json"), "utf8"));
  expect(plugins).toEqual([
    {
      name: place.path("plugin.mjs"),
      file: place.path("plugin.mjs"),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      imports: { "helper.mjs": expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
  ]);
  place.ran();
  for (const [command, ...args] of [COMMANDS[0]!, COMMANDS[6]!]) {
    const result = await place.run(command!, ...args);
    succeeded(result);
    expect(result.stderr).toMatch(/^loading the plugin /m);
    expect(place.ran()).toEqual(["own"]);
  }
});

describe("a folder from elsewhere", () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "vaelab-cli-elsewhere-"));
  afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));
  beforeAll(async () => {
    const from = placeOf(OWN, elsewhere);
    succeeded(await from.run("run", "a.json", "--out", "run"));
    for (const name of ["plugin.mjs", "helper.mjs"]) rmSync(from.path(name));
  });
  /** The run of another machine, in a place that has neither its plugin nor its trust. */
  const received = (files: Readonly<Record<string, string | object>> = {}): Place => {
    const place = placeOf(files);
    cpSync(join(elsewhere, "run"), place.path("run"), { recursive: true });
    return place;
  };
  const edit = (file: string, change: (value: Record<string, unknown>) => void): void => {
    const value = JSON.parse(readFileSync(file, "utf8"));
    change(value);
    writeFileSync(file, JSON.stringify(value));
  };

  test("runs no code that its resolved.json names, by any command, until it is named", {
    timeout: 300_000,
  }, async () => {
    const place = received({ "theirs.mjs": pluginThatLeaves("theirs"), "helper.mjs": HELPER });
    // As an attacker writes it: the plugin lies beside the folder, and its hashes are recorded as they should be.
    const named = place.path("theirs.mjs");
    edit(place.path("run/resolved.json"), (spec) => {
      spec.plugins = [named];
    });
    edit(place.path("run/provenance.json"), (provenance) => {
      delete provenance.plugins;
    });
    for (const [command, ...args] of COMMANDS) {
      const { code, stderr } = await place.refused(command!, ...args);
      expect(code, command).toBe(2);
      expect(stderr).toBe(
        `${place.path("run/resolved.json")}  /plugins/0  the plugin theirs.mjs is code, and you have neither run a spec with it here nor named it. Read it, and if you trust it, name it: --plugin theirs.mjs\n`,
      );
    }
    expect(place.ran()).toEqual([]);
    const result = await place.run("sample", "run", "--count", "4", "--plugin", "theirs.mjs");
    succeeded(result);
    expect(place.ran()).toEqual(["theirs"]);
    // Named once, trusted from then on; another content at that place is not.
    succeeded(await place.run("sample", "run", "--count", "5"));
    expect(place.ran()).toEqual(["theirs"]);
    writeFileSync(named, pluginThatLeaves("evil"));
    expect((await place.refused("sample", "run", "--count", "4")).code).toBe(2);
    writeFileSync(named, pluginThatLeaves("theirs"));
    writeFileSync(place.path("helper.mjs"), `${HELPER}// evil`);
    expect((await place.refused("sample", "run", "--count", "4")).code).toBe(2);
    expect(place.ran()).toEqual([]);
  });

  test("goes on with a copy of its plugin that is trusted here, wherever it lies", { timeout: 180_000 }, async () => {
    const mine = { ...SPEC, plugins: ["./mine/plugin.mjs"] };
    const place = received({
      "b.json": mine,
      "mine/plugin.mjs": pluginThatLeaves("own"),
      "mine/helper.mjs": HELPER,
    });
    const absent = await place.refused("sample", "run", "--count", "4");
    expect(absent.code).toBe(2);
    expect(absent.stderr).toMatch(/plugin\.mjs does not exist\n.*Name a copy that you trust: --plugin FILE\n$/);
    succeeded(await place.run("sample", "run", "--count", "4", "--plugin", "mine/plugin.mjs"));
    rmSync(place.path("cache"), { recursive: true });
    // A spec of one's own that names it does as well.
    succeeded(await place.run("run", "b.json", "--out", "other"));
    succeeded(await place.run("resume", "run", "--epochs", "2"));
    const { plugins } = JSON.parse(readFileSync(place.path("run/resolved.json"), "utf8"));
    expect(plugins).toEqual([place.path("mine/plugin.mjs")]);
  });

  test("runs no code as the source of codes either, and its weights alone need none", {
    timeout: 180_000,
  }, async () => {
    const codes = {
      ...SMALL,
      data: { type: "codes", run: "./run" },
      model: { ...SMALL.model, likelihood: "gaussian" },
    };
    const place = received({
      "codes.json": codes,
      "warm.json": { ...SMALL, warmStart: { run: "./run" } },
      "copy.mjs": pluginThatLeaves("own"),
      "helper.mjs": HELPER,
    });
    const refused = await place.refused("run", "codes.json", "--out", "m2");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("--plugin FILE");
    expect(existsSync(place.path("m2"))).toBe(false);
    succeeded(await place.run("run", "warm.json", "--out", "warm"));
    expect(place.ran()).toEqual([]);
    succeeded(await place.run("run", "codes.json", "--out", "m2", "--plugin", "copy.mjs"));
    expect(place.ran()).toEqual(["own"]);
  });

  test("has the records of its plugins read with care", { timeout: 120_000 }, async () => {
    const place = received({ "plugin.mjs": pluginThatLeaves("own"), "helper.mjs": HELPER });
    for (const plugins of [5, [null], [{ name: 1 }], [{ name: "x", file: "x", sha256: "../../x", imports: "y" }]]) {
      edit(place.path("run/provenance.json"), (provenance) => {
        provenance.plugins = plugins;
      });
      const { code, stderr } = await place.refused("sample", "run");
      expect(code).toBe(2);
      expect(stderr).toContain("--plugin FILE");
    }
  });
});

describe("a plugin that was edited after the run", () => {
  test("is refused as changed data are, and an unchanged copy is taken", { timeout: 300_000 }, async () => {
    const place = placeOf(OWN);
    succeeded(await place.run("run", "a.json", "--out", "run"));
    place.ran();
    const message = (name: string): string =>
      `run  the plugin ${name} is not the one that the run was trained with. Put it back, name an unchanged copy (--plugin FILE), or start a new run.\n`;
    const refusals = async (): Promise<void> => {
      for (const [command, ...args] of [COMMANDS[5]!, COMMANDS[6]!]) {
        const { code, stderr } = await place.refused(command!, ...args);
        expect(code).toBe(2);
        expect(stderr.replace(place.path("run"), "run")).toBe(message("plugin.mjs"));
      }
      const named = await place.refused("evaluate", "run", "--plugin", "plugin.mjs");
      expect(named.code).toBe(2);
      expect(named.stderr.replace(place.path("run"), "run")).toBe(message("plugin.mjs"));
    };
    writeFileSync(place.path("plugin.mjs"), pluginThatLeaves("own", 4));
    await refusals();
    writeFileSync(place.path("plugin.mjs"), pluginThatLeaves("own"));
    writeFileSync(place.path("helper.mjs"), "export const scaled = (x) => 2 * x;\n");
    await refusals();
    expect(place.ran()).toEqual([]);
    mkdirSync(place.path("old"));
    writeFileSync(place.path("old/plugin.mjs"), pluginThatLeaves("own"));
    writeFileSync(place.path("old/helper.mjs"), HELPER);
    const before = readFileSync(place.path("run/metrics.json"), "utf8");
    succeeded(await place.run("evaluate", "run", "--replace", "--plugin", "old/plugin.mjs"));
    expect(readFileSync(place.path("run/metrics.json"), "utf8")).toBe(before);
    expect(place.ran()).toEqual(["own"]);
  });

  test("is refused by a sweep that goes on, whose trials run in other processes", { timeout: 300_000 }, async () => {
    const place = placeOf(OWN);
    writeFileSync(place.path("a.json"), JSON.stringify({ ...SPEC, sweep: { seeds: [1, 2] } }));
    succeeded(await place.run("run", "a.json", "--out", "sweep", "--jobs", "2"));
    expect(new Set(place.ran())).toEqual(new Set(["own"]));
    succeeded(await place.run("resume", "sweep", "--jobs", "2"));
    writeFileSync(place.path("plugin.mjs"), pluginThatLeaves("own", 4));
    const { code, stderr } = await place.refused("resume", "sweep", "--jobs", "2");
    expect(code).toBe(2);
    expect(stderr).toContain("the plugin plugin.mjs is not the one that the run was trained with");
  });
});
