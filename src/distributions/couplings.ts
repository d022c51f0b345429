/** Couplings: maps that move half of the dimensions by functions of the other half, which stays as it is. The halves take turns. */
import type { Transform } from "../contracts/bijection.js";
import type { Shape } from "../tensor/fields.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { chain } from "./chain.js";
import { overVectors } from "./over-vectors.js";

/** 1 for each of D dimensions that a coupling moves, else 0: the first moves dimensions 0, 2, ..., the second 1, 3, ... */
export const movedBy = (coupling: number, size: number): Tensor =>
  tf.tensor(Float32Array.from({ length: size }, (_, d) => Number(d % 2 === coupling % 2)));

/** @param couplings of [..., D], one after the other. @returns their chain over [..., ...shape], D values in total */
export const coupled = (shape: Shape, couplings: readonly Required<Transform>[]): Transform =>
  overVectors(shape, {
    forward: (x) =>
      chain(
        couplings.map(({ forward }) => forward),
        x,
      ),
    inverse: (y) => chain(couplings.map(({ inverse }) => inverse).reverse(), y),
  });
