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
  test("is refused where it has a tensor too few or too many", () => {
    const { model, optimizer } = asCheckpoint(averaged);
    expect(() => fromCheckpoint(model, averaged)).toThrow('has no tensor "trained/decoder/weights"');
    expect(() => fromCheckpoint({ ...model, ...optimizer, other: count }, averaged)).toThrow('holds "other"');
  });
});
