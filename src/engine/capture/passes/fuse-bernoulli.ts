/**
 * The log-likelihood of a Bernoulli and its gradient by engine/bernoulli.h, of logits l and values x, summed over an event:
 *
 *     sum(l x - softplus(l))           VaelabBernoulli
 *     ... and g x - g sigmoid(l)       VaelabBernoulliWithGradient, or g times its x - sigmoid(l) where g depends on the sum
 *
 * Equal to the ops that were recorded to within rounding.
 */
import { type Shape, sizeOf } from "../../../tensor/fields.js";
import { isSame, keyOf, type Now, type Op, sameShape, type Writer } from "../tape/rewrite.js";
import type { Source } from "../tape/tape.js";
import { earlier, type Plan, type Recorded } from "./fusion-plan.js";

interface Likelihood {
  logits: Source;
  values: Source;
  /** The kept axes and the summed axes. */
  batch: Shape;
  event: Shape;
}

const pairOf = ({ inputs }: Op): readonly (readonly [Source, Source])[] => {
  const [first, second] = inputs as [Source, Source];
  return [
    [first, second],
    [second, first],
  ];
};

/** sum(l x - softplus(l)) over the last axes. */
const likelihoodOf = (recorded: Recorded, sum: Op): Likelihood | undefined => {
  const difference = sum.op === "Sum" ? recorded.opOf(sum.inputs[0], "Sub") : undefined;
  const axes = sum.inputs[1] && recorded.entries[sum.inputs[1].entry];
  const product = recorded.opOf(difference?.inputs[0], "Mul");
  const softplus = recorded.opOf(difference?.inputs[1], "VaelabSoftplus");
  if (!product || !softplus || axes?.kind !== "constant") return undefined;
  const logits = softplus.inputs[0]!;
  const values = pairOf(product).find(([first]) => isSame(first, logits))?.[1];
  if (!values) return undefined;
  const shape = recorded.shapeOf(logits);
  const batch = sum.outputs[0]!.shape;
  const event = shape.slice(batch.length);
  const last = Array.from(event, (_, i) => batch.length + i);
  // Values with fewer axes broadcast over the leading rows.
  const own = recorded.shapeOf(values);
  const suits =
    event.length > 0 &&
    own.length >= event.length &&
    sameShape(shape.slice(shape.length - own.length), own) &&
    sameShape(shape.slice(0, batch.length), batch) &&
    sameShape(last, Array.from(axes.values as Int32Array));
  return suits ? { logits, values, batch, event } : undefined;
};

/** g in g x - g sigmoid(l), if it is one number per row. */
const upstreamOf = (recorded: Recorded, sum: Op, { logits, values, batch, event }: Likelihood): Source | undefined => {
  for (const [first, second] of pairOf(sum)) {
    const minus = recorded.opOf(first, "Mul");
    const plus = recorded.opOf(second, "Mul");
    const negative = minus && pairOf(minus).find(([, sigmoid]) => isSigmoid(recorded, sigmoid, logits))?.[0];
    const upstream = recorded.opOf(negative, "Neg")?.inputs[0];
    const factor = plus && pairOf(plus).find(([, x]) => isSame(x, values))?.[0];
    if (!upstream || !factor || !isSpread(recorded, factor, upstream)) continue;
    if (sameShape(recorded.shapeOf(upstream), [...batch, ...event.map(() => 1)])) return upstream;
  }
  return undefined;
};

const isSigmoid = (recorded: Recorded, source: Source, logits: Source): boolean => {
  const sigmoid = recorded.opOf(source, "Sigmoid");
  return sigmoid !== undefined && isSame(sigmoid.inputs[0]!, logits);
};

/** Whether it is `value`, possibly times ones. */
const isSpread = (recorded: Recorded, source: Source, value: Source): boolean => {
  if (isSame(source, value)) return true;
  const product = recorded.opOf(source, "Mul");
  return (
    product !== undefined && pairOf(product).some(([first, ones]) => isSame(first, value) && recorded.isAll(ones, 1))
  );
};

const rowsOf = (writer: Writer, op: Op, source: Source, { event }: Likelihood): Source => {
  const width = sizeOf(event);
  return writer.reshaped(op, source, [sizeOf(writer.shapeOf(source)) / width, width]);
};

const inputsOf = (writer: Writer, now: Now, sum: Op, likelihood: Likelihood): Source[] =>
  [likelihood.logits, likelihood.values].map((source) => rowsOf(writer, sum, now(source), likelihood));

const putLogProb = (writer: Writer, now: Now, sum: Op, likelihood: Likelihood): Source => {
  const outputs = [{ dtype: writer.type.float, shape: [sizeOf(likelihood.batch)] }];
  const [logProb] = writer.op(sum, "VaelabBernoulli", inputsOf(writer, now, sum, likelihood), outputs, {});
  return writer.reshaped(sum, logProb!, likelihood.batch);
};

/** The log-likelihood and the gradient by rows. @param scale one per row, or one for all. */
const putWithGradient = (
  writer: Writer,
  now: Now,
  sum: Op,
  likelihood: Likelihood,
  scale: Source,
): readonly [Source, Source] => {
  const rows = sizeOf(likelihood.batch);
  const outputs = [[rows], [rows, sizeOf(likelihood.event)]].map((shape) => ({ dtype: writer.type.float, shape }));
  const inputs = [...inputsOf(writer, now, sum, likelihood), scale];
  const [logProb, gradient] = writer.op(sum, "VaelabBernoulliWithGradient", inputs, outputs, {});
  return [writer.reshaped(sum, logProb!, likelihood.batch), gradient!];
};

const putProduct = (writer: Writer, op: Op, upstream: Source, residual: Source): Source => {
  const { float } = writer.type;
  const factor = writer.reshaped(op, upstream, [writer.shapeOf(residual)[0]!, 1]);
  const outputs = [{ dtype: float, shape: writer.shapeOf(residual) }];
  return writer.op(op, "Mul", [factor, residual], outputs, { T: { type: float } })[0]!;
};

export const fusedBernoullis = (recorded: Recorded): Plan => {
  const plan: Plan = new Map();
  const found = new Map<string, { at: number; sum: Op; likelihood: Likelihood }>();
  for (const { at, op } of recorded.ops) {
    const likelihood = likelihoodOf(recorded, op);
    if (likelihood) {
      found.set(keyOf(likelihood.logits), { at, sum: op, likelihood });
      plan.set(at, (writer, now) => [putLogProb(writer, now, op, likelihood)]);
      continue;
    }
    if (op.op !== "Add" && op.op !== "AddV2") continue;
    for (const { at: forward, sum, likelihood: of } of found.values()) {
      const upstream = upstreamOf(recorded, op, of);
      if (!upstream) continue;
      const early = recorded.isKnownBefore(upstream, forward);
      let gradient: Source | undefined;
      plan.set(forward, (writer, now) => {
        const scale = early ? earlier(recorded, forward, writer, now)(upstream) : writer.one();
        const [logProb, put] = putWithGradient(writer, now, sum, of, scale);
        gradient = put;
        return [logProb];
      });
      plan.set(at, (writer, now) => {
        const by = early ? gradient! : putProduct(writer, op, now(upstream), gradient!);
        return [writer.reshaped(op, by, op.outputs[0]!.shape)];
      });
    }
  }
  return plan;
};
