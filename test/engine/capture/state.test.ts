/** State that lives in a session: exact round trips, one state for all variants and shapes, old values that stay old. */
import { beforeAll, expect, test } from "vitest";
import type { HostTensor, Program, ProgramRunner } from "../../../src/contracts/program.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import type { Scalar } from "../../../src/tensor/tensor.js";
import { tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { tensorsIn } from "../../support/groups.js";
import { adamAt, rate, vaeInputs, vaeProgram } from "./programs.js";

let runner: ProgramRunner;
beforeAll(async () => {
  runner = capturedRunner(await useEngine(), { mode: "require" });
});

const bytes = (groups: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tensorsIn(groups)).map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex"),
    ]),
  );
const vector = (...values: number[]): HostTensor => ({ shape: [values.length], data: Float32Array.from(values) });
const scalar = (value: number): HostTensor => ({ shape: [], data: Float32Array.of(value) });

test("a run that goes on in a new program gives the same bytes, and so does a repeated run", () => {
  const program = vaeProgram({ clipNorm: 1 });
  const uninterrupted = runner.start(program);
  const outputs: object[] = [];
  let saved = program.initialState;
  for (let step = 0; step < 20; step++) {
    if (step === 10) saved = uninterrupted.readState();
    outputs.push(bytes(uninterrupted.call(vaeInputs(step), "elbo")));
  }
  const final = bytes(uninterrupted.readState());
  uninterrupted.dispose();

  const resumed = runner.start(vaeProgram({ clipNorm: 1 }));
  resumed.writeState(saved);
  expect(bytes(resumed.readState())).toEqual(bytes(saved));
  for (let step = 10; step < 20; step++) expect(bytes(resumed.call(vaeInputs(step), "elbo"))).toEqual(outputs[step]);
  expect(bytes(resumed.readState())).toEqual(final);

  // The same program set back, after it has run.
  resumed.writeState(saved);
  for (let step = 10; step < 20; step++) expect(bytes(resumed.call(vaeInputs(step), "elbo"))).toEqual(outputs[step]);
  expect(bytes(resumed.readState())).toEqual(final);
  resumed.dispose();
});

test("bits do not depend on which variants and shapes were met before", () => {
  const straight = runner.start(vaeProgram());
  const around = runner.start(vaeProgram());
  const start = around.readState();
  around.call(vaeInputs(0, { batch: 3 }), "elbo");
  around.call(vaeInputs(0, { batch: 1 }), "elbo");
  around.writeState(start);
  for (let step = 0; step < 5; step++)
    expect(bytes(around.call(vaeInputs(step), "elbo"))).toEqual(bytes(straight.call(vaeInputs(step), "elbo")));
  expect(bytes(around.readState())).toEqual(bytes(straight.readState()));
  straight.dispose();
  around.dispose();
});

test("shapes and variants share one state", () => {
  const program: Program = {
    name: "count",
    initialState: { total: scalar(0) },
    run: ({ total }, { x }, _tools, variant) => {
      const sum = tf.add(total!, variant === "twice" ? tf.mul(2, tf.sum(x!)) : tf.sum(x!));
      return { outputs: { before: total! }, state: { total: sum } };
    },
  };
  const running = runner.start(program);
  running.call({ x: vector(1, 2) });
  running.call({ x: vector(1, 2, 3) }, "twice");
  running.call({ x: vector(4, 4) });
  expect(running.call({ x: vector(1, 2) }).before!.data).toEqual(Float32Array.of(3 + 12 + 8));
  expect(running.readState().total!.data).toEqual(Float32Array.of(26));
  running.dispose();
});

test("values read before a write stay what they were", () => {
  const optimizer = adamAt(rate);
  const at = { variable: ["a"], slots: { m: ["m"], v: ["v"] } };
  const four = (): HostTensor => vector(1, 2, 3, 4);
  const program: Program = {
    name: "versions",
    initialState: {
      a: four(),
      b: vector(5, 6, 7, 8),
      m: vector(0, 0, 0, 0),
      v: vector(0, 0, 0, 0),
      p: scalar(0.9),
      q: scalar(0.999),
    },
    run: (state, { rate: learningRate }, { update }) => {
      const gradient = tf.square(state.a!);
      const globals = { beta1Power: state.p as Scalar, beta2Power: state.q as Scalar };
      const shared = { optimizer, globals, gradient, learningRate: learningRate as Scalar, at };
      const once = update({ ...shared, variable: state.a!, slots: { m: state.m!, v: state.v! } });
      const twice = update({ ...shared, ...once });
      // Used for the first time after two updates of the storage that it was read from.
      const late = tf.mul(state.a!, 10);
      return {
        outputs: { late, first: once.variable, second: tf.mul(twice.variable, 1), old: state.a! },
        // b and a change places; the update of a is thus thrown away.
        state: { ...twice.slots, a: state.b!, b: twice.variable },
      };
    },
  };
  const running = runner.start(program);
  const { late, first, second, old } = running.call({ rate: scalar(0.5) });
  expect(Array.from(late!.data)).toEqual([10, 20, 30, 40]);
  expect(Array.from(old!.data)).toEqual([1, 2, 3, 4]);
  // Adam moves each element by the rate at first, whatever the gradient's size.
  for (const [i, value] of first!.data.entries()) expect(value).toBeCloseTo(i + 0.5, 4);
  expect(second!.data.every((value, i) => value < first!.data[i]! - 0.1)).toBe(true);
  const state = running.readState();
  expect(Array.from(state.a!.data)).toEqual([5, 6, 7, 8]);
  expect(state.b!.data).toEqual(second!.data);
  running.dispose();
});

test("an update whose result is not kept changes nothing", () => {
  const optimizer = adamAt(rate);
  const program: Program = {
    name: "dropped",
    initialState: { a: vector(1, 2), m: vector(0, 0), v: vector(0, 0), p: scalar(0.9), q: scalar(0.999) },
    run: (state, { rate: learningRate }, { update }) => {
      const { variable } = update({
        optimizer,
        variable: state.a!,
        slots: { m: state.m!, v: state.v! },
        globals: { beta1Power: state.p as Scalar, beta2Power: state.q as Scalar },
        gradient: tf.square(state.a!),
        learningRate: learningRate as Scalar,
        at: { variable: ["a"], slots: { m: ["m"], v: ["v"] } },
      });
      return { outputs: { moved: variable }, state: {} };
    },
  };
  const running = runner.start(program);
  for (let i = 0; i < 3; i++) {
    const moved = running.call({ rate: scalar(0.5) }).moved!.data;
    expect(moved[0]).toBeCloseTo(0.5, 4);
    expect(bytes(running.readState())).toEqual(bytes(program.initialState));
  }
  running.dispose();
});

test("nothing in the session keeps memory that belongs to JavaScript", () => {
  const program: Program = {
    name: "keep",
    initialState: { a: vector(...new Array(64).fill(0)) },
    run: ({ a }, { x }) => ({ outputs: { a: a! }, state: { a: tf.reshape(x!, [64]) } }),
  };
  const running = runner.start(program);
  const x: HostTensor = { shape: [8, 8], data: Float32Array.from({ length: 64 }, (_, i) => i) };
  running.call({ x });
  x.data.fill(-1);
  expect(running.readState().a!.data).toEqual(Float32Array.from({ length: 64 }, (_, i) => i));
  const set = vector(...new Array(64).fill(3));
  running.writeState({ a: set });
  set.data.fill(-1);
  const read = running.readState().a!.data;
  expect(read).toEqual(new Float32Array(64).fill(3));
  read.fill(-1);
  expect(running.readState().a!.data).toEqual(new Float32Array(64).fill(3));
  running.dispose();
});

test("state that does not fit is refused", () => {
  const running = runner.start(vaeProgram());
  for (const wrong of [{ nothing: scalar(1) }, { parameters: { "vae/mean/bias": vector(1) } }])
    for (const called of [false, true]) {
      if (called) running.call(vaeInputs(0), "elbo");
      expect(() => running.writeState(wrong)).toThrow(/nothing|vae\/mean\/bias/);
    }
  running.dispose();
});
