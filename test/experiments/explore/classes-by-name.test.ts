/** Classes are asked for and written by name: what is requested as 2 is the class 2, wherever it stands among the others. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeRun, sampleRun } from "../../../src/experiments/index.js";
import { mean } from "../../../src/numerics/statistics.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { decodeNpz } from "../../../src/storage/npz.js";
import { newFolder, refusalOf, runIn } from "../support/runs.js";

const on = { engine: (process.env.VAELAB_TEST_ENGINE ?? "native") as "native", threads: 1 } as const;

const specOf = (file: string, more: object): ExperimentSpec => ({
  name: "classes",
  seed: 1,
  data: { type: "csv", file, label: "y" },
  model: { latent: 1, encoder: { type: "mlp", hidden: [16] }, likelihood: { type: "gaussian", scale: 0.1 } },
  training: { epochs: 1, batchSize: 32, optimizer: { type: "adam", learningRate: 0.01 } },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
  ...more,
});
const trainedOn = async (csv: string, more: object = {}): Promise<string> => {
  const out = newFolder();
  const file = join(dirname(out), "data.csv");
  writeFileSync(file, csv);
  return runIn(specOf(file, more), {}, out);
};
const arraysOf = (file: string) => decodeNpz(readFileSync(file), file);
const valuesOf = (file: string, name: string): number[] => {
  const array = arraysOf(file)[name]!;
  return "data" in array ? Array.from(array.data) : [];
};
const textOf = (file: string, name: string): readonly string[] => {
  const array = arraysOf(file)[name]!;
  return "text" in array ? array.text : [];
};

describe("twelve classes 0 to 11 whose examples lie at their number", () => {
  let run: string;
  let moments: { mean: number; deviation: number };
  beforeAll(async () => {
    // Offsets of a golden-ratio sequence, within 0.1 of the class.
    const rows = Array.from({ length: 1200 }, (_, i) => `${(i % 12) + 0.2 * (((i * 0.618034) % 1) - 0.5)},${i % 12}`);
    run = await trainedOn(`value,y\n${rows.join("\n")}\n`, {
      model: {
        latent: 1,
        encoder: { type: "mlp", hidden: [32] },
        likelihood: { type: "gaussian", scale: 0.1 },
        heads: ["conditional"],
      },
      training: { epochs: 25, batchSize: 32, optimizer: { type: "adam", learningRate: 0.01 } },
    });
    const { data } = JSON.parse(readFileSync(join(run, "provenance.json"), "utf8")) as {
      data: { preparation: { columns: { value: typeof moments } } };
    };
    moments = data.preparation.columns.value;
  });
  const sampled = async (given: string) => {
    const { files } = await sampleRun({ run, count: 200, given: [given], out: join(run, "..", "s.npz"), ...on });
    const level = mean(valuesOf(files[0]!, "x")) * moments.deviation + moments.mean;
    return { level, codes: valuesOf(files[0]!, "label"), names: textOf(files[0]!, "label.names") };
  };

  test.each(["2", "10", "11.0"])("samples of the class %s lie at that number", async (name) => {
    const { level, codes, names } = await sampled(`label=${name}`);
    expect(level).toBeGreaterThan(Number(name) - 0.5);
    expect(level).toBeLessThan(Number(name) + 0.5);
    expect(names).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]);
    expect(new Set(codes.map((code) => names[code]))).toEqual(new Set([String(Number(name))]));
  });

  test("an unknown class is refused with the nearest and all there are", async () => {
    const asked = (...given: string[]) => refusalOf(sampleRun({ run, count: 1, given, ...on }));
    expect((await asked("label=12")).message).toContain(
      '"label" has no class "12". Did you mean "1"? Classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11',
    );
    expect((await asked("label=1", "label=2")).message).toContain('"label" is requested twice');
    expect((await asked("labl=1")).message).toContain('Did you mean "label"?');
    expect((await asked("label")).message).toContain("Write it as in --given label=cat");
  });
});

describe("classes with names, some examples without", () => {
  const NAMES = ["wren", "auk", 'owl, "barn"', ""];
  let run: string;
  beforeAll(async () => {
    const quoted = NAMES.map((name) => (name === "" ? "" : `"${name.replaceAll('"', '""')}"`));
    const rows = Array.from({ length: 80 }, (_, i) => `${i},${quoted[i % 4]}`);
    run = await trainedOn(`value,y\n${rows.join("\n")}\n`, {
      model: {
        latents: { kind: { observed: "label" }, z: { size: 1, inferredFrom: ["data", "kind"] } },
        encoder: { type: "mlp", hidden: [16] },
        likelihood: { type: "gaussian", scale: 0.1 },
      },
    });
  });
  const encoded = async (ending: string): Promise<string> => {
    mkdirSync(join(run, "..", "out"), { recursive: true });
    return (await encodeRun({ run, split: "train", out: join(run, "..", "out", `codes.${ending}`), ...on })).file;
  };

  test("stand in a .csv by name, with an empty cell where there is none", async () => {
    const [head, ...lines] = readFileSync(await encoded("csv"), "utf8")
      .trimEnd()
      .split("\n");
    expect(head).toBe("index,label,kind.mean_0,kind.mean_1,kind.mean_2,z.mean_0,kind.code");
    const cells = lines.map((line) => /^\d+,("(?:[^"]|"")*"|[^,]*),/.exec(line)![1]!);
    expect(new Set(cells)).toEqual(new Set(["wren", "auk", '"owl, ""barn"""', ""]));
    const npz = await encoded("npz");
    const [codes, names] = [valuesOf(npz, "label"), textOf(npz, "label.names")];
    expect(names).toEqual(["auk", 'owl, "barn"', "wren"]);
    expect(textOf(npz, "kind.code.names")).toEqual(names);
    expect(cells.map((cell) => cell.replace(/^"|"$/g, "").replaceAll('""', '"'))).toEqual(
      codes.map((code) => names[code] ?? ""),
    );
    expect(valuesOf(npz, "label.observed")).toEqual(codes.map((code) => Number(code !== -1)));
    expect(codes).toContain(-1);
  });

  test("are unknown in the picture of the codes as well", () => {
    const latents = join(run, "samples", "latents.npz");
    const codes = valuesOf(latents, "label");
    expect(valuesOf(latents, "label.observed")).toEqual(codes.map((code) => Number(code !== -1)));
    expect(codes).toContain(-1);
    const report = readFileSync(join(run, "report.html"), "utf8");
    expect(report).toMatch(/label \(none\) around/);
  });
});

test("a file of samples is named after what was asked for, without leaving its folder", async () => {
  const run = await trainedOn(
    `value,y\n${Array.from({ length: 40 }, (_, i) => `${i},${["../up", "b"][i % 2]}`).join("\n")}\n`,
    {
      model: { latent: 1, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian", heads: ["conditional"] },
    },
  );
  const { files } = await sampleRun({ run, count: 4, given: ["label=../up"], ...on });
  expect(dirname(files[0]!)).toBe(join(run, "samples"));
  expect(basename(files[0]!)).toBe("sample-1-4-label=.._up.npz");
});
