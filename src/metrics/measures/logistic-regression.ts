/**
 * Multinomial logistic regression: the W, b that minimize
 *
 *     sum_i -log softmax(W x_i + b)[y_i] + |W|^2 / (2 C)
 *
 * (the bias is free), by the limited-memory BFGS method with a backtracking line search. The problem is convex: its solution
 * is unique and needs no seed. Source: Nocedal & Wright 2006, algorithm 7.4; the same objective as scikit-learn's.
 */
import { dot, type Points } from "../../numerics/points.js";

export interface LogisticRegression {
  /** The most probable class of each row. */
  predict(points: Points): Int32Array;
  /** Value at the minimum. */
  objective: number;
}

const HISTORY = 10;
const MOST_ITERATIONS = 500;

/** `map` is several times as fast here as `Float64Array.from` with a function. */
const plus = (a: Float64Array, factor: number, b: Float64Array): Float64Array =>
  a.map((value, i) => value + factor * b[i]!);

/** Parameters by class: weights, then bias. */
const scoresOf = ({ values, width }: Points, row: number, parameters: Float64Array, scores: Float64Array): void => {
  for (let c = 0; c < scores.length; c++) {
    const start = c * (width + 1);
    let sum = parameters[start + width]!;
    for (let j = 0; j < width; j++) sum += parameters[start + j]! * values[row * width + j]!;
    scores[c] = sum;
  }
};

const lossOf = (
  points: Points,
  labels: ArrayLike<number>,
  classes: number,
  strength: number,
  parameters: Float64Array,
) => {
  const { n, width, values } = points;
  const gradient = new Float64Array(parameters.length);
  const scores = new Float64Array(classes);
  let value = 0;
  for (let c = 0; c < classes; c++) {
    for (let j = 0; j < width; j++) {
      const weight = parameters[c * (width + 1) + j]!;
      value += (weight * weight) / (2 * strength);
      gradient[c * (width + 1) + j] = weight / strength;
    }
  }
  for (let i = 0; i < n; i++) {
    scoresOf(points, i, parameters, scores);
    const largest = scores.reduce((a, b) => Math.max(a, b));
    const total = scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
    value += largest + Math.log(total) - scores[labels[i]!]!;
    for (let c = 0; c < classes; c++) {
      const error = Math.exp(scores[c]! - largest) / total - (labels[i] === c ? 1 : 0);
      const start = c * (width + 1);
      for (let j = 0; j < width; j++) gradient[start + j]! += error * values[i * width + j]!;
      gradient[start + width]! += error;
    }
  }
  return { value, gradient };
};

/** -H gradient, by the two-loop recursion over past steps and gradient differences. */
const direction = (
  gradient: Float64Array,
  history: readonly { step: Float64Array; change: Float64Array }[],
): Float64Array => {
  let q = gradient;
  const factors = [...history].reverse().map(({ step, change }) => {
    const factor = dot(step, q) / dot(step, change);
    q = plus(q, -factor, change);
    return factor;
  });
  const last = history.at(-1);
  if (last) {
    const scale = dot(last.step, last.change) / dot(last.change, last.change);
    q = q.map((entry) => scale * entry);
  }
  history.forEach(({ step, change }, i) => {
    const factor = factors[history.length - 1 - i]! - dot(change, q) / dot(step, change);
    q = plus(q, factor, step);
  });
  return q.map((entry) => -entry);
};

/**
 * @param strength C; larger values regularize less
 * @param tolerance on the gradient's largest entry, per example
 */
export const logisticRegression = (
  points: Points,
  labels: ArrayLike<number>,
  classes: number,
  { strength = 1, tolerance = 1e-6 }: { strength?: number; tolerance?: number } = {},
): LogisticRegression => {
  const at = (parameters: Float64Array) => lossOf(points, labels, classes, strength, parameters);
  let parameters: Float64Array = new Float64Array(classes * (points.width + 1));
  let { value, gradient } = at(parameters);
  const history: { step: Float64Array; change: Float64Array }[] = [];
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    if (gradient.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0) <= tolerance * points.n) break;
    const towards = direction(gradient, history);
    const slope = dot(gradient, towards);
    let length = history.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    let next = plus(parameters, length, towards);
    let found = at(next);
    while (found.value > value + 1e-4 * length * slope && length > 1e-12) {
      length /= 2;
      next = plus(parameters, length, towards);
      found = at(next);
    }
    if (found.value >= value) break; // No further decrease is measurable in float64.
    const [step, change] = [plus(next, -1, parameters), plus(found.gradient, -1, gradient)];
    if (dot(step, change) > 0) history.push({ step, change });
    if (history.length > HISTORY) history.shift();
    parameters = next;
    ({ value, gradient } = found);
  }
  return {
    objective: value,
    predict: (asked) => {
      const scores = new Float64Array(classes);
      return Int32Array.from({ length: asked.n }, (_, i) => {
        scoresOf(asked, i, parameters, scores);
        return scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
      });
    },
  };
};
