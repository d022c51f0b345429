/** Files of a run or a sweep whose values are of the wrong type: a line in the report that names the member, never an end of it. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareFolders, writeReport } from "../../../src/report/index.js";
import { errorOf } from "../../support/error-of.js";
import { writeRunFolder, writeSweepFolder } from "../support/folders.js";

const root = mkdtempSync(join(tmpdir(), "vaelab-damaged-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeAll(() => {
  writeRunFolder(join(root, "run"), { classNames: { digit: ["nought", "one"] } });
  writeFileSync(
    join(root, "run", "samples", "layout.json"),
    JSON.stringify({ columns: { field: "digit", classes: [0, 1] }, samplers: [] }),
  );
  writeSweepFolder(join(root, "sweep"), {
    seeds: [1, 2],
    settings: [{ "objective.beta": 1 }, { "objective.beta": 4 }],
  });
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** With the value at a path replaced. */
const withValue = (node: Json, [step, ...rest]: readonly string[], value: Json): Json => {
  if (step === undefined) return value;
  const child = (node as { [key: string]: Json })[step] ?? null;
  const changed = withValue(child, rest, value);
  return Array.isArray(node)
    ? node.map((item, i) => (String(i) === step ? changed : item))
    : { ...(node as object), [step]: changed };
};
let copies = 0;
const damaged = (kind: "run" | "sweep", file: string, path: string, value: Json): string => {
  const folder = join(root, `${kind}-${copies++}`);
  cpSync(join(root, kind), folder, { recursive: true });
  const at = join(folder, file);
  const whole = JSON.parse(readFileSync(at, "utf8")) as Json;
  writeFileSync(at, JSON.stringify(withValue(whole, path.split("/"), value)));
  return folder;
};
const reportOf = async (folder: string): Promise<string> =>
  readFileSync(await writeReport(folder), "utf8")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'");
/** What the page says of files. */
const faultsIn = (page: string): string[] =>
  [...page.matchAll(/[\w./]+ cannot be read: [^<;]*/g)].map(([line]) => line.replace(/\.( The figures.*)?$/, ""));

describe("a run", () => {
  test.each<[string, string, Json, string]>([
    ["metrics.json", "measurements/rate/value", "12", "is not a number"],
    ["metrics.json", "measurements/rate/unit", 5, "is not a string"],
    ["metrics.json", "measurements/rate", null, "is not an object"],
    ["metrics.json", "measurements/rate/set", "prior", "is not an object"],
    ["metrics.json", "measurements", [], "is not an object"],
    ["metrics.json", "checkpoint/step", -5, "is not a non-negative integer"],
    ["metrics.json", "classNames/digit", "nought", "is not a list"],
    [
      "metrics.json",
      "figures/rate/section",
      "none",
      "is not one of likelihood, reconstruction, latent, tasks, samples",
    ],
    ["metrics.json", "planes/0/x", null, "is not an object"],
    ["metrics.json", "controls", { train: { recall: 1 } }, "is not an object"],
    ["status.json", "startedAt", 5, "is not a string"],
    ["status.json", "state", "done", "is not one of running, interrupted, failed, finished"],
    ["status.json", "stoppedEarly", "late", "is not an object"],
    ["samples/layout.json", "columns/classes", "all", "is not a list"],
    ["samples/layout.json", "samplers", ["../escape"], "cannot be part of a file name"],
  ])("%s: %s is %j", async (file, path, value, what) => {
    const page = await reportOf(damaged("run", file, path, value));
    const place = path === "controls" ? "controls/train/recall" : path === "samplers" ? "samplers/0" : path;
    expect(faultsIn(page)).toContain(`${file} cannot be read: "${place}" ${what}`);
    // What the other files hold is there.
    expect(page).toContain('<h2 id="latents-heading">');
    expect(page).not.toContain("../escape");
  });

  test.each(["constructor", "__proto__", "toString"])("a figure and a measurement called %s", async (name) => {
    const metrics = readFileSync(join(root, "run", "metrics.json"), "utf8");
    const folder = damaged("run", "metrics.json", "measurements/rate/figure", name);
    expect(await reportOf(folder)).toContain("ELBO");
    writeFileSync(
      join(folder, "metrics.json"),
      metrics.replace('"measurements":{', `"measurements":{"${name}":{"value":1},`),
    );
    expect(faultsIn(await reportOf(folder))).toContain(
      `metrics.json cannot be read: "measurements/${name}" is not a valid name`,
    );
  });

  test("a seed that is an object which has no text of its own", async () => {
    const folder = damaged("run", "resolved.json", "seed", { toString: 1, valueOf: 1 });
    rmSync(join(folder, "metrics.json"));
    const page = await reportOf(folder);
    expect(page).toContain('<dt>seed</dt><dd>{"toString":1,"valueOf":1}</dd>');
    expect(page).not.toContain("rendering failed");
  });

  test("values nested beyond reason", async () => {
    const folder = damaged("run", "resolved.json", "name", "x");
    const deep = `{"name":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    for (const file of ["resolved.json", "provenance.json"]) writeFileSync(join(folder, file), deep);
    const faults = faultsIn(await reportOf(folder));
    for (const file of ["resolved.json", "provenance.json"])
      expect(faults).toContain(`${file} cannot be read: values are nested more than 200 deep`);
  });

  test("is not compared: the member is named", () => {
    const folder = damaged("run", "metrics.json", "measurements/rate/value", "12");
    expect(errorOf(() => compareFolders([join(root, "run"), folder])).message).toContain(
      'metrics.json cannot be read: "measurements/rate/value" is not a number',
    );
  });
});

describe("a sweep", () => {
  test.each<[string, string, Json, string]>([
    ["metrics.json", "groups/0/measurements/rate/mean", "12", "is not a number"],
    ["metrics.json", "groups/0/choices", null, "is not an object"],
    ["metrics.json", "points", {}, "is not a list"],
    ["metrics.json", "points/0/folder", 5, "is not a string"],
    ["metrics.json", "points/1/seed", "one", "is not a non-negative integer"],
    ["sweep.json", "name", ["a"], "is not a string"],
  ])("%s: %s is %j", async (file, path, value, what) => {
    const faults = faultsIn(await reportOf(damaged("sweep", file, path, value)));
    expect(faults).toContain(`${file} cannot be read: "${path}" ${what}`);
  });

  test("a choice whose type is an object which has no text of its own", async () => {
    const folder = damaged("sweep", "metrics.json", "groups/0/choices/objective.beta", { type: { toString: 1 } });
    const page = await reportOf(folder);
    expect(page).toContain("toString 1");
    expect(page).not.toContain("rendering failed");
  });

  test("a line of its plan", async () => {
    const folder = damaged("sweep", "sweep.json", "name", "x");
    const plan = join(folder, "plan.jsonl");
    writeFileSync(plan, readFileSync(plan, "utf8").replace(/"seed":2/, '"seed":"2"'));
    // The points are then all that is known of the trials.
    expect(await reportOf(folder)).toContain("4 trials: 4 finished");
  });
});
