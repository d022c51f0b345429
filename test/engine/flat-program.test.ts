/** Groups of tensors become flat names for an engine, and groups again: none is lost, empty ones included. */
import { beforeAll, describe, expect, test } from "vitest";
import type { HostTensor, Program } from "../../src/contracts/program.js";
import { eagerRunner } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { flatten } from "../../src/engine/flat-program.js";
import type { Bindings } from "../../src/tensor/parameters.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const tensor = (...values: number[]): HostTensor => ({ shape: [values.length], data: Float32Array.from(values) });
interface State {
  sums: Bindings;
  by: Readonly<Record<string, { slots: Bindings }>>;
}
interface Inputs {
  fields: Bindings;
  none: Bindings;
  masks?: Bindings;
  large: { whole: Tensor };
}
/** Adds a field, and a constant, to each of its sums, whose names have slashes of their own. */
const program: Program<State, Inputs, Readonly<Record<string, Bindings>>> = {
  name: "groups",
  initialState: { sums: { "a/b": tensor(1), c: tensor(2) }, by: { phase: { slots: { "a/b": tensor(0) } } } },
  constants: { large: { whole: tensor(100) } },
  run: ({ sums, by }, { fields, none, masks, large }) => ({
    outputs: { sums, none, masked: masks ?? {}, large: { whole: large.whole } },
    state: {
      sums: { "a/b": tf.add(sums["a/b"]!, tf.add(fields["x/y"]!, large.whole)) },
      by: { phase: { slots: { "a/b": tf.add(by.phase!.slots["a/b"]!, 1) } } },
    },
  }),
};

describe("a program of groups", () => {
  test("has one flat name for each tensor", () => {
    const flat = flatten(program);
    expect(Object.keys(flat.program.initialState)).toEqual(["sums/a/b", "sums/c", "by/phase/slots/a/b"]);
    expect(Object.keys(flat.program.constants!)).toEqual(["large/whole"]);
  });

  test("gives back the groups of the variant that ran, none of another, even if they are empty", () => {
    const running = eagerRunner(engine.noise).start<object, object, object>({
      name: "variants",
      initialState: {},
      run: (_state, _inputs, _tools, variant) => ({
        outputs: { [variant]: { loss: tf.tensor1d([1]), terms: {} } },
        state: {},
      }),
    });
    for (const variant of ["a", "b", "a"])
      expect(running.call({}, variant)).toEqual({ [variant]: { loss: tensor(1), terms: {} } });
    running.dispose();
  });

  test("runs on groups, and gives groups back, those without tensors too", () => {
    const running = eagerRunner(engine.noise).start(program);
    const inputs = { fields: { "x/y": tensor(10) }, none: {}, large: { whole: tensor(100) } };
    const { large: _, ...fed } = inputs;
    const outputs = running.call(fed as never);
    expect(outputs).toEqual({
      sums: { "a/b": tensor(1), c: tensor(2) },
      none: {},
      masked: {},
      large: { whole: tensor(100) },
    });
    expect(running.readState()).toEqual({
      sums: { "a/b": tensor(111), c: tensor(2) },
      by: { phase: { slots: { "a/b": tensor(1) } } },
    });
    running.writeState({ sums: { c: tensor(7) } });
    expect(running.readState().sums).toEqual({ "a/b": tensor(111), c: tensor(7) });
    running.dispose();
  });

  test("whose tensors would share a name is refused", () => {
    const clashing: Program<object> = {
      name: "clash",
      initialState: { a: { "b/c": tensor(1) }, "a/b": { c: tensor(2) } },
      run: () => ({ outputs: {}, state: {} }),
    };
    expect(() => flatten(clashing)).toThrow('two tensors of a program have the name "a/b/c"');
  });
});
