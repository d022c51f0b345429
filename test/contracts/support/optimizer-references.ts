/** Update rules as their papers write them, on plain numbers in float64: what tensors in float32 are compared with. */
import type { ResolvedFields } from "../../../src/core/define.js";

/** x after each gradient in turn, at the learning rates given. */
export type Reference = (
  fields: ResolvedFields,
  x: number,
  gradients: readonly number[],
  rates: readonly number[],
) => number[];

/** Kingma & Ba 2015, the efficient form at the end of section 2. */
const adam: Reference = (fields, start, gradients, rates) => {
  const { beta1, beta2, epsilon } = fields as ResolvedFields & Record<"beta1" | "beta2" | "epsilon", number>;
  let [x, m, v] = [start, 0, 0];
  return gradients.map((g, i) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const t = i + 1;
    x -= (rates[i]! * Math.sqrt(1 - beta2 ** t) * m) / ((1 - beta1 ** t) * (Math.sqrt(v) + epsilon));
    return x;
  });
};

/** Sutskever et al. 2013 with the rate outside the accumulator. */
const sgd: Reference = (fields, start, gradients, rates) => {
  const { momentum, nesterov } = fields as ResolvedFields & { momentum: number; nesterov: boolean };
  let [x, a] = [start, 0];
  return gradients.map((g, i) => {
    a = momentum * a + g;
    x -= rates[i]! * (nesterov ? g + momentum * a : a);
    return x;
  });
};

export const REFERENCES: Readonly<Record<string, Reference>> = { adam, sgd };
