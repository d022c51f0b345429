/**
 * Monotone rational-quadratic splines of single numbers (Durkan et al. 2019, section 3.1 and appendix A): K bins between -B and B, with
 * knots (x_k, y_k) and slopes d_k > 0 at them; the identity outside. In bin k, with t = (x - x_k) / w, s = h / w and a = d_k / s, b = d_{k+1} / s,
 *
 *     y = y_k + h [t^2 + a t (1 - t)] / [1 + (a + b - 2) t (1 - t)]
 *     dy/dx = s [b t^2 + 2 t (1 - t) + a (1 - t)^2] / [1 + (a + b - 2) t (1 - t)]^2
 */
import { type Tensor, tf } from "../tensor/tensor.js";

/** Least width and height of a bin, as parts of 2 B, and least slope of a knot. */
export const LEAST = 1e-3;

/** Of each number. Widths and heights are [..., K] and sum to 2 B; slopes are those of the knots between bins, [..., K - 1]. */
export interface Spline {
  bound: number;
  widths: Tensor;
  heights: Tensor;
  slopes: Tensor;
}

/** @param raw unbounded: [..., K], [..., K] and [..., K - 1]. At 0 the spline is the identity */
export const splineOf = (bound: number, raw: Readonly<Record<"widths" | "heights" | "slopes", Tensor>>): Spline => {
  const parts = (x: Tensor): Tensor => {
    const free = tf.mul(tf.softmax(x), 1 - LEAST * x.shape.at(-1)!);
    return tf.mul(tf.add(free, LEAST), 2 * bound);
  };
  /** softplus(SHIFT) + LEAST = 1. */
  const SHIFT = Math.log(Math.expm1(1 - LEAST));
  const slopes = tf.add(tf.softplus(tf.add(raw.slopes, SHIFT)), LEAST);
  return { bound, widths: parts(raw.widths), heights: parts(raw.heights), slopes };
};

/** The bin of each number x within the bound: where it starts in either coordinate, its size, and the slopes at its ends relative to s. */
const binOf = ({ bound, widths, heights, slopes }: Spline, x: Tensor, along: "widths" | "heights") => {
  // A positive axis, because cumsum on cpu and wasm rejects negative ones.
  const starts = (sizes: Tensor): Tensor => tf.sub(tf.cumsum(sizes, sizes.rank - 1, true), bound);
  const [lefts, bottoms] = [starts(widths), starts(heights)];
  const edges = along === "widths" ? lefts : bottoms;
  // The first bin starts at -B, and what starts after x is no bin of it.
  const hasStarted = tf.cast(tf.greaterEqual(tf.expandDims(x, -1), edges), "float32");
  const rank = hasStarted.rank;
  const bins = edges.shape.at(-1)!;
  const inner = tf.slice(hasStarted, [...new Array(rank - 1).fill(0), 1], [...hasStarted.shape.slice(0, -1), bins - 1]);
  const end = tf.zeros([...hasStarted.shape.slice(0, -1), 1]);
  const isBin = tf.sub(tf.concat([tf.onesLike(end), inner], -1), tf.concat([inner, end], -1));
  const inBin = (values: Tensor): Tensor => tf.sum(tf.mul(isBin, values), -1);
  const [width, height] = [inBin(widths), inBin(heights)];
  const ends = tf.ones([...slopes.shape.slice(0, -1), 1]);
  const relative = (values: Tensor): Tensor => tf.div(tf.mul(inBin(values), width), height);
  return {
    left: inBin(lefts),
    bottom: inBin(bottoms),
    width,
    height,
    first: relative(tf.concat([ends, slopes], -1)),
    last: relative(tf.concat([slopes, ends], -1)),
  };
};
type Bin = ReturnType<typeof binOf>;

/** a + b - 2. */
const bend = ({ first, last }: Bin): Tensor => tf.sub(tf.add(first, last), 2);

/** ln dy/dx at t. */
const logSlope = (bin: Bin, t: Tensor): Tensor => {
  const rest = tf.sub(1, t);
  const product = tf.mul(t, rest);
  const above = tf.add(tf.add(tf.mul(bin.last, tf.square(t)), tf.mul(product, 2)), tf.mul(bin.first, tf.square(rest)));
  const below = tf.log(tf.add(tf.mul(bend(bin), product), 1));
  const log = tf.log(tf.div(tf.mul(above, bin.height), bin.width));
  return tf.sub(log, tf.mul(below, 2));
};

interface SplineMapped {
  value: Tensor;
  /** ln of the slope of this direction. */
  logSlope: Tensor;
}

/** A map of the interior, made the identity outside. */
const withTails = (spline: Spline, x: Tensor, map: (inside: Tensor) => SplineMapped): SplineMapped => {
  const mapped = map(tf.clipByValue(x, -spline.bound, spline.bound));
  const isInside = tf.less(tf.abs(x), spline.bound);
  return {
    value: tf.where(isInside, mapped.value, x),
    logSlope: tf.where(isInside, mapped.logSlope, tf.zerosLike(mapped.logSlope)),
  };
};

/** x [...] → y. */
export const splineForward = (spline: Spline, x: Tensor): SplineMapped =>
  withTails(spline, x, (inside) => {
    const bin = binOf(spline, inside, "widths");
    const t = tf.clipByValue(tf.div(tf.sub(inside, bin.left), bin.width), 0, 1);
    const product = tf.mul(t, tf.sub(1, t));
    const part = tf.div(tf.add(tf.square(t), tf.mul(bin.first, product)), tf.add(tf.mul(bend(bin), product), 1));
    return { value: tf.add(bin.bottom, tf.mul(bin.height, part)), logSlope: logSlope(bin, t) };
  });

/**
 * y [...] → x. With e = (y - y_k) / h, t solves (1 - a + e (a + b - 2)) t^2 + (a - e (a + b - 2)) t - e = 0; of the two forms of the root,
 * this one does not cancel.
 */
export const splineInverse = (spline: Spline, y: Tensor): SplineMapped =>
  withTails(spline, y, (inside) => {
    const bin = binOf(spline, inside, "heights");
    const e = tf.clipByValue(tf.div(tf.sub(inside, bin.bottom), bin.height), 0, 1);
    const linear = tf.sub(bin.first, tf.mul(e, bend(bin)));
    const discriminant = tf.add(tf.square(linear), tf.mul(tf.mul(e, 4), tf.sub(1, linear)));
    const root = tf.sqrt(tf.maximum(discriminant, 1e-12));
    const t = tf.clipByValue(tf.div(tf.mul(e, 2), tf.add(linear, root)), 0, 1);
    return { value: tf.add(bin.left, tf.mul(bin.width, t)), logSlope: tf.neg(logSlope(bin, t)) };
  });
