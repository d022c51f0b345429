/** Whatever a graph would silently freeze is caught and named; then the program runs eagerly with the same numbers. */
import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensors, Program } from "../../../src/contracts/program.js";
import { recordTwice } from "../../../src/engine/capture/record/record-twice.js";
import { capturedRunner } from "../../../src/engine/capture/runner.js";
import { eagerRunner } from "../../../src/engine/eager.js";
import type { Engine } from "../../../src/engine/engine.js";
import { asOwner, ownedBy } from "../../../src/tensor/owner.js";
import { type Tensor, tf } from "../../../src/tensor/tensor.js";
import { useEngine } from "../../support/engine.js";
import { vaeInputs, vaeProgram } from "./programs.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const programOf = (name: string, body: (x: Tensor) => Tensor): Program => ({
  name,
  initialState: { count: { shape: [], data: Float32Array.of(0) } },
  run: ({ count }, { x }) => ({ outputs: { y: body(x!) }, state: { count: tf.add(count!, 1) } }),
});
const inputs: HostTensors = { x: { shape: [3], data: Float32Array.of(1, 2, 3) } };

/** Ways to freeze a value, and what the complaint must name. Each is made anew, for some remember. */
const FROZEN: Readonly<Record<string, { make: () => (x: Tensor) => Tensor; names: RegExp }>> = {
  "a number that changes from call to call": {
    make: () => {
      let step = 0;
      return (x) => tf.mul(x, 1 + 0.1 * step++);
    },
    names: /Mul takes a value/,
  },
  "a tensor drawn in JavaScript": {
    make: () => {
      let seed = 1;
      const draw = (): number => {
        seed = (seed * 48271) % 2147483647;
        return seed / 2147483647;
      };
      return (x) => tf.add(x, tf.tensor1d([draw(), draw(), draw()]));
    },
    names: /Add takes a value of shape \[3\]/,
  },
  "an attribute that changes": {
    make: () => {
      let transposed = false;
      return (x) => {
        transposed = !transposed;
        const square = tf.outerProduct(x as never, tf.square(x) as never);
        return tf.matMul(square, square, transposed);
      };
    },
    names: /BatchMatMulV2 has attributes/,
  },
  "another op": {
    make: () => {
      let calls = 0;
      return (x) => (calls++ % 2 === 0 ? tf.exp(x) : tf.neg(x));
    },
    names: /Exp stands where the next call has Neg/,
  },
  "other wiring": {
    make: () => {
      let calls = 0;
      return (x) => {
        const pair = [tf.exp(x), tf.neg(x)];
        return tf.square(pair[calls++ % 2]!);
      };
    },
    names: /Square takes other inputs/,
  },
  "ops that are there at one call only": {
    make: () => {
      let calls = 0;
      return (x) => (calls++ % 2 === 0 ? tf.exp(tf.neg(x)) : tf.neg(x));
    },
    names: /Exp stands where|missing at the next/,
  },
  "a value that is read": { make: () => (x) => tf.mul(x, x.dataSync()[0]!), names: /dataSync reads a value/ },
  "a computed value that is read": {
    make: () => (x) => tf.mul(x, tf.sum(x).arraySync() as number),
    names: /dataSync reads a value/,
  },
  "a value whose reading is caught": {
    make: () => (x) => {
      try {
        return tf.mul(x, x.dataSync()[0]!);
      } catch {
        return x;
      }
    },
    names: /dataSync reads a value/,
  },
  "a tensor from outside": {
    make: () => {
      const outside = tf.square(tf.tensor1d([4, 5, 6]));
      return (x) => tf.add(x, outside);
    },
    names: /Add takes a tensor that was neither fed nor computed/,
  },
  "a tensor from outside that was not uploaded yet": {
    make: () => {
      const outside = tf.tensor1d([4, 5, 6]);
      return (x) => tf.add(x, outside);
    },
    names: /Add takes a tensor that was neither fed nor computed/,
  },
  "a tensor kept from the first call": {
    make: () => {
      let kept: Tensor | undefined;
      return (x) => {
        kept ??= tf.keep(tf.tensor1d([4, 5, 6]));
        return tf.add(x, kept);
      };
    },
    names: /Add takes a tensor that was neither fed nor computed/,
  },
  "an outside tensor as the output": {
    make: () => {
      const outside = tf.square(tf.tensor1d([4, 5, 6]));
      return () => outside;
    },
    names: /the output "y" is a tensor that was neither fed nor computed/,
  },
};

describe("a frozen value is caught, and the op, the component and the place are named", () => {
  for (const [name, { make, names }] of Object.entries(FROZEN)) {
    test(`${name}: required, it throws`, () => {
      const running = capturedRunner(engine, { mode: "require" }).start(
        programOf(name, (x) => asOwner("prior/frozen", () => make_(x))),
      );
      const make_ = make();
      expect(() => running.call(inputs)).toThrow(names);
      expect(() => running.call(inputs)).toThrow(
        /as the output/.test(name) ? name : /^prior\/frozen, at .*frozen\.test\.ts:\d+\)? {2}/,
      );
      expect(running.readState().count!.data).toEqual(Float32Array.of(0));
      running.dispose();
    });

    test(`${name}: else it runs eagerly, with one warning`, () => {
      const warnings: string[] = [];
      const warn = (message: string): void => void warnings.push(message);
      const running = capturedRunner(engine, { warn }).start(programOf(name, make()));
      const first = running.call(inputs);
      expect(running.mode).toBe("eager");
      running.call(inputs);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(names);
      expect(warnings[0]).toMatch(/as the output/.test(name) ? name : /frozen\.test\.ts:\d+/);
      expect(running.readState().count!.data).toEqual(Float32Array.of(2));
      running.dispose();
      // A body that counts its calls has counted the recordings, so only the others can be compared with a fresh one.
      if (/read|outside|kept/.test(name)) {
        const eager = eagerRunner(engine.noise).start(programOf(name, make()));
        expect(first).toEqual(eager.call(inputs));
        eager.dispose();
      }
    });
  }
});

test("capture can be turned off", () => {
  const running = capturedRunner(engine, { mode: "never" }).start(vaeProgram());
  running.call(vaeInputs(0), "elbo");
  expect(running.mode).toBe("eager");
  running.dispose();
});

test("a second variant that cannot be captured goes on eagerly from the state of the first", () => {
  const program: Program = {
    ...programOf("variants", (x) => x),
    run: ({ count }, { x }, _tools, variant) => {
      const step = variant === "reads" ? x!.dataSync()[0]! : 1;
      return { outputs: {}, state: { count: tf.add(count!, step) } };
    },
  };
  const running = capturedRunner(engine, { warn: () => {} }).start(program);
  running.call(inputs);
  expect(running.mode).toBe("captured");
  running.call(inputs, "reads");
  running.call(inputs);
  expect(running.mode).toBe("eager");
  expect(running.readState().count!.data).toEqual(Float32Array.of(3));
  running.dispose();
});

test("an error of the program's own is not a matter of capture", () => {
  const running = capturedRunner(engine).start(
    programOf("faulty", (x) => {
      throw new RangeError(`no use for [${x.shape}]`);
    }),
  );
  expect(() => running.call(inputs)).toThrow(RangeError);
  running.dispose();
});

test("recordTwice lists what a graph would freeze, and nothing for a program that it can carry", () => {
  expect(recordTwice(vaeProgram(), engine.noise, vaeInputs(0), { variant: "elbo", other: vaeInputs(1) })).toEqual([]);
  expect(recordTwice(vaeProgram(), engine.noise, vaeInputs(0), { variant: "elbo" })).toEqual([]);
  let step = 0;
  const twice = programOf("two", (x) => tf.add(tf.mul(x, 1 + step++), tf.scalar(step)));
  const found = recordTwice(twice, engine.noise, inputs);
  expect(found.map(({ op }) => op)).toEqual(["Mul", "Add"]);
  expect(found[0]!.owner).toMatch(/frozen\.test\.ts:\d+/);
});

test("a component's methods, and those of its phases, run in its name", () => {
  const objective = ownedBy("objective/counting", {
    phases: [{ name: "only", terms: (x: Tensor) => tf.mul(x, Math.fround(performance.now())) }],
  });
  const [found] = recordTwice(
    programOf("owned", (x) => objective.phases.map(({ terms }) => terms(x))[0]!),
    engine.noise,
    inputs,
  );
  expect(found!.owner).toMatch(/^objective\/counting, at .*frozen\.test\.ts:\d+/);
});

test("noise differs from step to step, and is the same at the same step", () => {
  const running = capturedRunner(engine, { mode: "require" }).start({
    name: "noise",
    initialState: {},
    run: (_state, { key }, { kernels }) => ({
      outputs: { normal: kernels.normal(key!, [200]), uniform: kernels.uniform(key!, [200]) },
      state: {},
    }),
  });
  const at = (step: number): HostTensors => running.call({ key: { shape: [2], data: Int32Array.of(1, step) } });
  const [first, second, again] = [at(1), at(2), at(1)];
  for (const name of ["normal", "uniform"]) {
    expect(first[name]!.data).toEqual(again[name]!.data);
    expect(first[name]!.data.filter((value, i) => value === second[name]!.data[i]).length).toBeLessThan(3);
  }
  running.dispose();
});
