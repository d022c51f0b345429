/** The names that a checkpoint gives to the state of a training program, and the way back. */
import { describe, expect, test } from "vitest";
import type { Host, HostTensor } from "../../../src/contracts/program.js";
import {
  asCheckpoint,
  fromCheckpoint,
  scoredParameters,
} from "../../../src/experiments/training/checkpoint-tensors.js";
import type { StepState } from "../../../src/inference/training-program.js";

const tensor = (...values: number[]): HostTensor => ({ shape: [values.length], data: Float32Array.from(values) });
const [weights, average, count, m, power] = [tensor(1, 2), tensor(3, 4), tensor(5), tensor(6, 7), tensor(0.9)];
const plain: Host<StepState> = {
  parameters: { "decoder/weights": weights, count },
  copies: {},
  averages: {},
  optimizers: { elbo: { slots: { "decoder/weights": { m } }, globals: { beta1Power: power } } },
};
const averaged: Host<StepState> = { ...plain, averages: { "decoder/weights": average } };

describe("a checkpoint", () => {
  test("has the parameters in its model file, slots and globals by phase in its optimizer file", () => {
    expect(asCheckpoint(plain)).toEqual({
      model: { "decoder/weights": weights, count },
      optimizer: { "optimizer/elbo/decoder/weights/m": m, "optimizer/elbo/beta1Power": power },
    });
  });
  test("has averages in their place, statistics as they are, and beside the slots the weights that training goes on from", () => {
    expect(scoredParameters(averaged)).toEqual({ "decoder/weights": average, count });
    expect(asCheckpoint(averaged)).toEqual({
      model: { "decoder/weights": average, count },
      optimizer: {
        "optimizer/elbo/decoder/weights/m": m,
        "optimizer/elbo/beta1Power": power,
        "trained/decoder/weights": weights,
      },
    });
  });
  test.each([
    ["plain", plain],
    ["averaged", averaged],
  ])("gives the state back: %s", (_, state) => {
    const { model, optimizer } = asCheckpoint(state);
    expect(fromCheckpoint({ ...model, ...optimizer }, state)).toEqual(state);
  });
  test("is refused where a tensor has another shape or type", () => {
    const { model, optimizer } = asCheckpoint(plain);
    const all = { ...model, ...optimizer };
    const change = (name: string, value: HostTensor) => () =>
      fromCheckpoint({ ...all, [name]: value }, plain, "a/step-3");
    expect(change("decoder/weights", tensor(1))).toThrow(
      'a/step-3  its tensor "decoder/weights" is float32 [1], and the model needs float32 [2]',
    );
    expect(change("optimizer/elbo/decoder/weights/m", { shape: [2], data: Int32Array.of(1, 2) })).toThrow(
      'its tensor "optimizer/elbo/decoder/weights/m" is int32 [2], and the model needs float32 [2]',
    );
    // As many values, differently laid out.
    expect(change("decoder/weights", { ...weights, shape: [2, 1] })).toThrow("is float32 [2, 1], and");
    expect(change("optimizer/elbo/beta1Power", { shape: [], data: Float32Array.of(1) })).toThrow("float32 [], and");
  });
  test("is refused where it has a tensor too few or too many", () => {
    const { model, optimizer } = asCheckpoint(averaged);
    expect(() => fromCheckpoint(model, averaged)).toThrow('has no tensor "trained/decoder/weights"');
    expect(() => fromCheckpoint({ ...model, ...optimizer, other: count }, averaged)).toThrow('holds "other"');
  });
});
