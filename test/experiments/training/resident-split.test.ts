/** Rows that stay with the engine and rows that are fed are the same rows. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Split } from "../../../src/contracts/dataset.js";
import type { Host, HostTensors, Program, ProgramRunner } from "../../../src/contracts/program.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import { residentSplit } from "../../../src/experiments/training/resident-split.js";
import type { BatchInputs } from "../../../src/inference/step.js";
import { mapValues } from "../../../src/numerics/records.js";
import type { FieldSchemas } from "../../../src/tensor/fields.js";
import type { Bindings } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";

const fields: FieldSchemas = {
  x: { kind: "vector", shape: [3], support: "real" },
  label: { kind: "label", shape: [], support: "categorical", classes: 4 },
};
const rowsOf = (rows: ArrayLike<number>) => {
  const list = Array.from(rows);
  return {
    x: Float32Array.from(list.flatMap((row) => [row / 7, row * row, -row])),
    label: Float32Array.from(list, (row) => row % 4),
  };
};
const masked: Split = {
  size: 6,
  read: rowsOf,
  observed: (rows) => ({ label: Float32Array.from(Array.from(rows), (row) => (row < 2 ? 1 : 0)) }),
};

/** One of its own, of which nothing is kept yet. */
const dataset = (split: Split = masked) => ({ fields, split: () => split });

/** Hands every input back, and keeps a sum of them, so that there is a state. */
type Rows = { fields: Bindings; observed: Bindings };
const copied = (tensors: Bindings = {}): Bindings =>
  mapValues(tensors, (tensor) => tf.mul(tf.cast(tensor, "float32"), 1));
const program: Program<Bindings, BatchInputs, Rows> = {
  name: "rows",
  initialState: { sum: { shape: [3], data: new Float32Array(3) } },
  run: (state, { fields, observed }) => ({
    outputs: { fields: copied(fields), observed: copied(observed) },
    state: { sum: tf.add(state.sum!, tf.sum(fields.x!, 0)) },
  }),
};
const namesOf = ({ fields, observed = {}, index }: Host<BatchInputs>): string[] => [
  ...Object.keys({ ...(index && { index }) }),
  ...Object.keys(fields).sort(),
  ...Object.keys(observed),
];

const runs = (runner: ProgramRunner, limit: number): { outputs: Host<Rows>[]; state: HostTensors; fed: string[] } => {
  const batches = residentSplit(dataset(), "train", "training", { limit });
  const running = runner.start(batches.program(program));
  const batch = [Int32Array.of(4, 0, 5), Int32Array.of(1, 1, 3)];
  const outputs = batch.map((rows) => running.call(batches.inputs(rows)));
  const result = { outputs, state: running.readState(), fed: namesOf(batches.inputs(batch[0]!)) };
  running.dispose();
  return result;
};

describe("a split that is small enough stays with the engine", () => {
  let runners: Record<string, ProgramRunner>;
  beforeAll(async () => {
    const engine = await useEngine();
    runners = { eager: eagerRunner(engine.noise), captured: capturedRunner(engine, { mode: "require" }) };
  });
  test.each(["eager", "captured"])("%s: the step sees the same numbers, and the state holds no data", (name) => {
    const resident = runs(runners[name]!, 1e6);
    const fed = runs(runners[name]!, 0);
    expect(resident.fed).toEqual(["index"]);
    expect(fed.fed).toEqual(["index", "label", "x", "label"]);
    for (const [i, rows] of [
      [4, 0, 5],
      [1, 1, 3],
    ].entries()) {
      const expected = rowsOf(rows);
      for (const { outputs } of [resident, fed]) {
        expect(outputs[i]!.fields.x!.data).toEqual(expected.x);
        expect(outputs[i]!.fields.label!.data).toEqual(expected.label);
        expect(Array.from(outputs[i]!.observed.label!.data)).toEqual(rows.map((row) => (row < 2 ? 1 : 0)));
      }
    }
    expect(resident.state).toEqual(fed.state);
    expect(Object.keys(resident.state)).toEqual(["sum"]);
  });

  test("what is fed all the same stands before what is gathered", () => {
    const batches = residentSplit(dataset(), "train", "training");
    const running = runners.captured!.start(batches.program(program));
    const hidden = { shape: [2], data: Float32Array.of(0.5, 0.25) };
    const outputs = running.call({ ...batches.inputs(Int32Array.of(0, 1)), observed: { label: hidden } });
    running.dispose();
    expect(outputs.observed.label!.data).toEqual(hidden.data);
    expect(outputs.fields.x!.data).toEqual(rowsOf([0, 1]).x);
  });

  test("a split of which only a part is read does not", () => {
    const batches = residentSplit(dataset(), "train", "training", { reads: 5 });
    expect(namesOf(batches.inputs(Int32Array.of(0, 1)))).toEqual(["index", "label", "x", "label"]);
  });

  test("what is read whole is read once, and each purpose's is its own", () => {
    const read: string[] = [];
    const counted = {
      fields,
      split: (name: string, purpose: string): Split => ({
        size: 6,
        read: (rows) => {
          read.push(`${name}/${purpose}`);
          return rowsOf(rows);
        },
      }),
    };
    for (const purpose of ["training", "evaluation", "training", "evaluation"] as const)
      residentSplit(counted, "train", purpose);
    residentSplit(counted, "test", "evaluation");
    expect(read).toEqual(["train/training", "train/evaluation", "test/evaluation"]);
  });

  test("of what was read whole only the last is kept where more would fill the memory", () => {
    const read: string[] = [];
    const width = 2 ** 20;
    const large = {
      fields: { x: { kind: "vector", shape: [width], support: "real" } } satisfies FieldSchemas,
      split: (name: string): Split => ({
        // 160 MiB.
        size: 40,
        read: (rows) => {
          read.push(name);
          return { x: new Float32Array(rows.length * width) };
        },
      }),
    };
    for (const name of ["train", "train", "test", "test", "train"] as const) residentSplit(large, name, "evaluation");
    expect(read).toEqual(["train", "test", "train"]);
  });
});
