/** Adam's own op: one for all small variables, and what it computes, against the formula in double precision. */
import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensor, HostTensors, Program } from "../../../src/contracts/program.js";
import { optimize } from "../../../src/engine/capture/passes/optimize.js";
import { recordCall } from "../../../src/engine/capture/record/record-call.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import type { UpdateEntry } from "../../../src/engine/capture/tape/tape.js";
import type { Engine } from "../../../src/engine/engine.js";
import { nativeBackend } from "../../../src/engine/native/backend.js";
import { type Scalar, type Tensor, tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { adamAt, rate } from "./programs.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

/** By name, how many elements. The last is worth an op of its own, and threads share it. */
const SIZES: Readonly<Record<string, number>> = { one: 1, few: 5, some: 37, many: 400_000 };
// As the op is given them.
const BETA1 = Math.fround(0.9);
const BETA2 = Math.fround(0.999);
const EPSILON = Math.fround(1e-7);
const RATE = Math.fround(0.01);

const vector = (size: number, value: (i: number) => number): HostTensor => ({
  shape: [size],
  data: Float32Array.from({ length: size }, (_, i) => value(i)),
});
/** Far from 0, where a gradient so small that rounding decides about it would move as far as any. */
const first = (i: number): number => 2 + Math.sin(1 + i);
const scalar = (value: number): HostTensor => ({ shape: [], data: Float32Array.of(value) });

/** Minimizes sum(x^2 weight), whose gradient is 2 x weight. */
const program = (names: readonly string[]): Program => {
  const optimizer = adamAt(rate);
  const initialState = Object.fromEntries(
    names.flatMap((name) => [
      [name, vector(SIZES[name]!, first)],
      [`${name}/m`, vector(SIZES[name]!, () => 0)],
      [`${name}/v`, vector(SIZES[name]!, () => 0)],
    ]),
  );
  return {
    name: "updates",
    initialState: { ...initialState, p: scalar(BETA1), q: scalar(BETA2) },
    run: (state, { weight, rate: learningRate }, { update }) => {
      const changed: Record<string, Tensor> = {};
      for (const name of names) {
        const [m, v] = [`${name}/m`, `${name}/v`];
        const next = update({
          optimizer,
          variable: state[name]!,
          slots: { m: state[m]!, v: state[v]! },
          globals: { beta1Power: state.p as Scalar, beta2Power: state.q as Scalar },
          gradient: tf.mul(tf.mul(state[name]!, 2), weight!),
          learningRate: learningRate as Scalar,
          at: { variable: [name], slots: { m: [m], v: [v] } },
        });
        Object.assign(changed, { [name]: next.variable, [m]: next.slots.m, [v]: next.slots.v });
      }
      return {
        outputs: { moved: tf.sub(changed[names[0]!]!, state[names[0]!]!) },
        state: { ...changed, p: tf.mul(state.p!, BETA1), q: tf.mul(state.q!, BETA2) },
      };
    },
  };
};
const weightAt = (step: number): number => Math.cos(step);
const inputsAt = (step: number): HostTensors => ({ weight: scalar(weightAt(step)), rate: scalar(RATE) });

test("is one op for the small variables, and one for each that is large", () => {
  const updating = program(Object.keys(SIZES));
  const call = { state: updating.initialState, inputs: inputsAt(0), variant: "" };
  const { TF_FLOAT: float, TF_INT32: int } = nativeBackend(engine.tf).binding;
  const { entries } = optimize(recordCall(updating, engine.noise, call), { float, int, ownKernels: true });
  const updates = entries.filter((entry): entry is UpdateEntry => entry.kind === "update");
  expect(updates.map(({ op, members }) => [op, ...members.map(({ variable }) => variable)])).toEqual([
    ["VaelabApplyAdam", "one", "few", "some"],
    ["VaelabApplyAdam", "many"],
  ]);
});

/** Section 2 of Kingma & Ba 2015, in double precision. */
const exactly = (size: number, steps: number): Float64Array => {
  const x = Float64Array.from({ length: size }, (_, i) => Math.fround(first(i)));
  const m = new Float64Array(size);
  const v = new Float64Array(size);
  for (let step = 0; step < steps; step++) {
    const corrected = (RATE * Math.sqrt(1 - BETA2 ** (step + 1))) / (1 - BETA1 ** (step + 1));
    for (let i = 0; i < size; i++) {
      const gradient = 2 * x[i]! * weightAt(step);
      m[i] = BETA1 * m[i]! + (1 - BETA1) * gradient;
      v[i] = BETA2 * v[i]! + (1 - BETA2) * gradient * gradient;
      x[i]! -= (corrected * m[i]!) / (Math.sqrt(v[i]!) + EPSILON);
    }
  }
  return x;
};

const worst = (given: ArrayLike<number>, exact: Float64Array): number =>
  exact.reduce((most, value, i) => Math.max(most, Math.abs(given[i]! - value)), 0);

describe.each([[["one", "few", "some"]], [["many"]], [["many", "one", "some"]]])("of %s", (names) => {
  test("moves them as the formula does", () => {
    const running = capturedRunner(engine, { mode: "require" }).start(program(names));
    const before = running.readState();
    const { moved } = running.call(inputsAt(0));
    for (let step = 1; step < 20; step++) running.call(inputsAt(step));
    const state = running.readState();
    running.dispose();
    // What was read before an update and is used after it is what it was.
    const [name] = names;
    const old = before[name!]!.data;
    const once = exactly(SIZES[name!]!, 1).map((value, i) => value - old[i]!);
    expect(worst(moved!.data, once)).toBeLessThan(1e-6);
    for (const name of names) expect(worst(state[name]!.data, exactly(SIZES[name]!, 20))).toBeLessThan(5e-6);
  });
});
