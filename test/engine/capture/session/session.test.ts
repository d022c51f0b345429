/** Both kinds of session run the same graph: our addon's, and the binding's for a tfjs-node that was built without it. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { HostTensors, Program } from "../../../../src/contracts/program.js";
import { CapturedProgram } from "../../../../src/engine/capture/captured-program.js";
import { graphDefinition } from "../../../../src/engine/capture/lower/graph.js";
import { capturedRunner } from "../../../../src/engine/capture/runner.js";
import { flatten } from "../../../../src/engine/flat-program.js";
import { nativeBackend } from "../../../../src/engine/native/backend.js";
import { sessionAddon } from "../../../../src/engine/native/session-addon.js";
import { tf } from "../../../../src/tensor/tensor.js";
import { useEngine } from "../../../support/engine.js";
import { vaeInputs, vaeProgram } from "../programs.js";

const toolsOf = async () => {
  const engine = await useEngine();
  const require = createRequire(join(engine.folder, "package.json"));
  const addon = sessionAddon(engine.folder, require)!;
  const { tf, noise: kernels, threads } = engine;
  return { tools: { backend: nativeBackend(tf), kernels, threads, require }, addon };
};

/** The largest difference of two sets of tensors, relative to what is larger than 1. */
const apart = (a: HostTensors, b: HostTensors): number =>
  Math.max(
    ...Object.entries(a).flatMap(([name, { data }]) =>
      Array.from(data, (value, i) => Math.abs(value - b[name]!.data[i]!) / Math.max(1, Math.abs(value))),
    ),
  );

test("the addon's session and the binding's give the same, to within the rounding of the addon's kernels", async () => {
  const { tools, addon } = await toolsOf();
  const { program, inputs } = flatten(vaeProgram({ clipNorm: 1 }));
  const ours = new CapturedProgram(program, { ...tools, addon });
  const theirs = new CapturedProgram(program, tools);
  for (let step = 0; step < 10; step++) {
    const fed = inputs(vaeInputs(step));
    expect(apart(ours.call(fed, "elbo"), theirs.call(fed, "elbo"))).toBeLessThan(1e-5);
  }
  expect(apart(ours.readState(), theirs.readState())).toBeLessThan(1e-5);
  ours.dispose();
  theirs.dispose();
});

test("the addon says what is wrong with a graph, a name, a value and a closed session", async () => {
  const { tools, addon } = await toolsOf();
  expect(() => addon.open(Uint8Array.of(1, 2, 3))).toThrow(/GraphDef/);
  const one = { dtype: 1, shape: [], values: Float32Array.of(1) };
  const attributes = { dtype: { type: 1 }, value: { tensor: one } };
  const session = addon.open(graphDefinition(tools.require, [{ name: "one", op: "Const", inputs: [], attributes }]));
  expect(addon.count()).toBe(1);
  expect(() => addon.prepare(session, [{ name: "x:0", dtype: 1, shape: [2] }], [], 1)).toThrow("x:0");
  const variable = { name: "v", dtype: 1, shape: [2] };
  expect(() => addon.read(session, [variable])).toThrow("v");
  expect(() => addon.write(session, [variable], [Float32Array.of(1)])).toThrow("the variable v has another size");
  expect(() => addon.read(session, [variable])).toThrow("v");
  addon.write(session, [variable], [Float32Array.of(1, 2)]);
  expect(addon.read(session, [variable])).toEqual([Float32Array.of(1, 2)]);
  addon.close(session);
  expect(addon.count()).toBe(0);
  expect(() => addon.prepare(session, [], ["y:0"], 1)).toThrow("the session is closed");
  expect(() => addon.read(session, [variable])).toThrow("the session is closed");
  expect(() => addon.write(session, [variable], [Float32Array.of(1, 2)])).toThrow("the session is closed");
});

// 2^10 values are little work; 2^21 are divided. TensorFlow's own threads flush them, but the calling one is JavaScript's.
test.each([2 ** 10, 2 ** 21])(
  "a call has no number below the smallest normal one, JavaScript has: %i values",
  async (size) => {
    const engine = await useEngine();
    const decay: Program = {
      name: "decay",
      initialState: { moment: { shape: [size], data: new Float32Array(size).fill(2e-38) } },
      run: ({ moment }, { by }) => {
        const decayed = tf.mul(moment!, by!);
        return { outputs: { largest: tf.max(decayed) }, state: { moment: decayed } };
      },
    };
    const running = capturedRunner(engine, { mode: "require" }).start(decay);
    const by = { shape: [], data: Float32Array.of(0.9) };
    const largest = Array.from({ length: 6 }, () => running.call({ by }).largest!.data[0]!);
    running.dispose();
    // The smallest normal float is 2^-126, or 1.1755e-38; 2e-38 * 0.9^5 is 1.181e-38.
    expect(largest[4]).toBeCloseTo(1.181e-38, 41);
    expect(largest[5]).toBe(0);
    expect(Math.min(...Array.from({ length: 9 }, (_, i) => 1e-310 / 2 ** i))).toBeGreaterThan(0);
  },
);
