/** Checkpoints whose manifest is sound and whose tensors are not the model's: every command that reads one refuses it. */
import { beforeAll, describe, expect, test } from "vitest";
import { encodeRun, evaluateRun, sampleRun } from "../../../src/experiments/index.js";
import type { ExperimentSpec } from "../../../src/spec/experiment-schema.js";
import { readCheckpoint, writeCheckpoint } from "../../../src/storage/checkpoint.js";
import type { HostTensors } from "../../../src/storage/safetensors.js";
import { copyOf, newFolder, refusalOf, resumeIn, runIn } from "../support/runs.js";

const SPEC = {
  name: "small",
  seed: 1,
  data: { type: "gaussian", train: 64, validation: 20, test: 20 },
  model: { latent: 2, encoder: { type: "mlp", hidden: [4] }, likelihood: "gaussian" },
  training: { epochs: 1, batchSize: 32 },
  evaluation: { metrics: ["elbo"], refit: { epochs: 0 } },
} satisfies ExperimentSpec;
const NAME = "encoder/dense-0/weights";

let run: string;
beforeAll(async () => {
  run = await runIn(SPEC);
});

/** The run, with another model file and state. */
const tampered = (model: (own: HostTensors) => HostTensors, state: object = {}): string => {
  const folder = copyOf(run);
  const own = readCheckpoint(folder, "best", () => {});
  const contents = { model: model(own.model), optimizer: own.optimizer, state: { ...(own.state as object), ...state } };
  writeCheckpoint(folder, own.step, contents, "best");
  return folder;
};

describe.each([
  [
    "another shape",
    (own: HostTensors) => ({ ...own, [NAME]: { shape: [4, 8], data: new Float32Array(32) } }),
    `its tensor "${NAME}" is float32 [4, 8], and the model needs float32 [8, 4]`,
  ],
  [
    "another type",
    (own: HostTensors) => ({ ...own, [NAME]: { shape: [8, 4], data: new Int32Array(32) } }),
    `its tensor "${NAME}" is int32 [8, 4], and the model needs float32 [8, 4]`,
  ],
  [
    "another name",
    ({ [NAME]: weights, ...own }: HostTensors) => ({ ...own, other: weights! }),
    `it has no tensor "${NAME}", which the model needs as float32 [8, 4]`,
  ],
  ["one too many", (own: HostTensors) => ({ ...own, other: own[NAME]! }), 'it holds "other", which'],
])("a checkpoint with a tensor of %s", (_, change, message) => {
  const commands: [string, (folder: string) => Promise<unknown>][] = [
    ["evaluate", (folder) => evaluateRun({ run: folder })],
    ["sample", (folder) => sampleRun({ run: folder, out: newFolder(), count: 1 })],
    ["encode", (folder) => encodeRun({ run: folder, out: `${newFolder()}.npz` })],
    ["resume", (folder) => resumeIn(folder, { epochs: 2 })],
  ];
  test.each(commands)("is refused by %s", async (__, command) => {
    const error = await refusalOf(command(tampered(change)));
    expect(error).toMatchObject({ code: "CHECKPOINT", exitCode: 1 });
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/checkpoints\/step-\d+/);
  });
});

test.each([
  [{ step: -5 }, "its step is -5, not a whole number of at least 0"],
  [{ step: 1 }, "says step 1"],
])("a state of %j is refused", async (state, message) => {
  const error = await refusalOf(
    resumeIn(
      tampered((own) => own, state),
      { epochs: 2 },
    ),
  );
  expect(error.code).toBe("CHECKPOINT");
  expect(error.message).toContain(message);
});
