/** The same spec and seed give the same bytes; what must not matter does not, and what must does. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCheckpoint } from "../../../src/storage/checkpoint.js";
import { readNpz } from "../../../src/storage/npz.js";
import { type CliCopy, copyCli } from "../support/cli-copy.js";
import { bytesOf, differencesBetween } from "../support/folder-bytes.js";
import { RESTART } from "../support/restart-spec.js";
import { newFolder, runIn } from "../support/runs.js";

let cli: CliCopy;
let first: string;
beforeAll(async () => {
  cli = copyCli();
  first = await runIn(RESTART);
});
afterAll(() => cli?.remove());

const NAMES = [
  "checkpoints/BEST",
  "checkpoints/LATEST",
  ...[16, 24].flatMap((step) =>
    ["MANIFEST.json", "model.safetensors", "optimizer.safetensors", "state.json"].map(
      (file) => `checkpoints/step-${step}/${file}`,
    ),
  ),
  "data.json",
  "history.jsonl",
  "per-example.npz",
  "resolved.json",
  ...[
    "interpolations.png",
    "latents.npz",
    "layout.json",
    "prior-draws.png",
    "prior-means.png",
    "reconstructions.png",
  ].map((file) => `samples/${file}`),
  "spec.json",
  "metrics.json",
];

describe("the same spec and seed", () => {
  test("leave these files, and the same bytes in each", async () => {
    expect(Object.keys(bytesOf(first)).sort()).toEqual([...NAMES].sort());
    expect(differencesBetween(bytesOf(first), bytesOf(await runIn(RESTART)))).toEqual([]);
  });
  test("and as processes of their own, whatever the folder", { timeout: 180_000 }, async () => {
    const file = join(newFolder(), "..", "spec.json");
    writeFileSync(file, JSON.stringify(RESTART));
    const folders = [newFolder(), newFolder()];
    const engine = process.env.VAELAB_TEST_ENGINE ?? "native";
    for (const out of folders) {
      const { code, stderr } = await cli.run(["run", file, "--out", out, "--engine", engine]);
      expect(code, stderr).toBe(0);
      expect(differencesBetween(bytesOf(first), bytesOf(out))).toEqual([]);
    }
  });
});

describe("another seed", () => {
  let other: string;
  beforeAll(async () => {
    other = await runIn({ ...RESTART, seed: 2 });
  });
  test("gives other weights, metrics and samples", () => {
    const differing = differencesBetween(bytesOf(first), bytesOf(other)).map((line) => line.split(" ")[0]);
    for (const name of NAMES.filter((name) => !/LATEST|BEST|layout|data.json/.test(name)))
      expect(differing).toContain(name);
  });
  test("is scored on the same examples of the same split", () => {
    const [labels, others] = [first, other].map((run) => readNpz(join(run, "samples", "latents.npz")).label!.data);
    expect(new Set(labels).size).toBe(10);
    expect(others).toEqual(labels);
    const [sha256, otherSha256] = [first, other].map(
      (run) =>
        (JSON.parse(readFileSync(join(run, "provenance.json"), "utf8")) as { data: { sha256: string } }).data.sha256,
    );
    expect(otherSha256).toBe(sha256);
  });
  test("but data.seed moves the split", async () => {
    const moved = await runIn({ ...RESTART, data: { ...RESTART.data, seed: 1 } });
    const label = (run: string) => readNpz(join(run, "samples", "latents.npz")).label!.data;
    expect(label(moved)).not.toEqual(label(first));
  });
});

const FOUR_EPOCHS = { ...RESTART, training: { ...RESTART.training, epochs: 4 } };
const weights = (run: string) => {
  const { step, model, optimizer } = readCheckpoint(run, "latest", (message) => expect.unreachable(message));
  return { step, model, optimizer };
};

describe("a run trains the same weights", () => {
  let plain: ReturnType<typeof weights>;
  beforeAll(async () => {
    plain = weights(await runIn(FOUR_EPOCHS));
    expect(plain.step).toBe(32);
  });
  test.each([
    ["validated half as often", { training: { ...FOUR_EPOCHS.training, validateEvery: 2 } }],
    ["checkpointed half as often", { training: { ...FOUR_EPOCHS.training, checkpointEvery: 2 } }],
    [
      "evaluated on another split, otherwise",
      {
        evaluation: { metrics: ["elbo" as const], split: "validation" as const, refit: { epochs: 0 } },
      },
    ],
  ])("that is %s", async (_, changes) => {
    expect(weights(await runIn({ ...FOUR_EPOCHS, ...changes }))).toEqual(plain);
  });
});
