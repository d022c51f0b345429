/** Update rules as their papers write them, on plain numbers in float64: what tensors in float32 are compared with. */
import type { ResolvedFields } from "../../../src/contracts/kinds.js";

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

/** Loshchilov & Hutter 2019, algorithm 2, its decay times the learning rate; a variable of one axis decays only where all do. */
const adamw: Reference = (fields, start, gradients, rates) => {
  const { weightDecay, decayed, beta1, beta2, epsilon } = fields as ResolvedFields & {
    weightDecay: number;
    decayed: string;
  } & Record<"beta1" | "beta2" | "epsilon", number>;
  const kept = decayed === "all" ? weightDecay : 0;
  let [x, m, v] = [start, 0, 0];
  return gradients.map((g, i) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const t = i + 1;
    const step = (Math.sqrt(1 - beta2 ** t) * m) / ((1 - beta1 ** t) * (Math.sqrt(v) + epsilon));
    x -= rates[i]! * (step + kept * x);
    return x;
  });
};

/** Tieleman & Hinton 2012; the rate inside the accumulator and epsilon under the root, as TensorFlow has them. */
const rmsprop: Reference = (fields, start, gradients, rates) => {
  const { decay, momentum, epsilon } = fields as ResolvedFields & Record<"decay" | "momentum" | "epsilon", number>;
  let [x, s, a] = [start, 0, 0];
  return gradients.map((g, i) => {
    s = decay * s + (1 - decay) * g * g;
    a = momentum * a + (rates[i]! * g) / Math.sqrt(s + epsilon);
    x -= a;
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

export const REFERENCES: Readonly<Record<string, Reference>> = { adam, adamw, rmsprop, sgd };
