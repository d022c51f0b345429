/**
 * A plugin as a stranger writes it, against the packed package alone: p(z) = prod_d Logistic(0, scale), with a scale that may
 * be trained, and an encoder of one layer. Johnson, Kotz and Balakrishnan 1995, chapter 23.
 */
import { type Declared, type Distribution, defineEncoder, definePrior } from "vaelab";
import { type Tensor, tf } from "vaelab/tensor";

const logisticOf = (scale: Tensor, eventShape: readonly number[]): Distribution => {
  const logProbElements = (value: Tensor): Tensor => {
    const y = tf.div(value, scale);
    return tf.neg(tf.add(tf.add(y, tf.mul(2, tf.softplus(tf.neg(y)))), tf.log(scale)));
  };
  const sumEvent = (x: Tensor): Tensor =>
    tf.sum(
      x,
      eventShape.map((_, i) => i - eventShape.length),
    );
  const logProb = (value: Tensor): Tensor => sumEvent(logProbElements(value));
  const sample: Distribution["sample"] = (noise, site, sampleShape) => {
    // Inverse distribution function at u, kept away from the poles.
    const u = tf.clipByValue(noise.uniform(site, [...sampleShape, ...eventShape]), 1e-6, 1 - 1e-6);
    return tf.mul(scale, tf.sub(tf.log(u), tf.log1p(tf.neg(u))));
  };
  return {
    batchShape: [],
    eventShape,
    sample,
    sampleAndLogProb: (noise, site, sampleShape) => {
      const value = sample(noise, site, sampleShape);
      return { value, logProb: logProb(value) };
    },
    logProb,
    logProbElements,
    mean: () => tf.zeros([...eventShape]),
  };
};

export const logistic = definePrior({
  schema: {
    type: "object",
    title: "Logistic",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "logistic" },
      scale: { type: "number", exclusiveMinimum: 0, default: 1, description: "of every dimension, at the beginning" },
      trained: { type: "boolean", default: true, description: "one scale a dimension, learned" },
    },
  },
  source: "Johnson, Kotz and Balakrishnan 1995, chapter 23",
  capabilities: () => ["density"],
  create: ({ scale, trained }, { latent, parameters }) => {
    const logScale = trained
      ? parameters("log-scale", latent, (shape) =>
          new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(Math.log(scale)),
        )
      : undefined;
    return { at: () => logisticOf(logScale ? tf.exp(logScale.value) : tf.fill([...latent], scale), latent) };
  },
});

export const oneLayer = defineEncoder({
  schema: {
    type: "object",
    title: "one tanh layer over the image",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "one-layer" }, width: { type: "integer", minimum: 1, default: 64 } },
  },
  create: ({ width }, { inputs, parameters }) => {
    const [name, field] = Object.entries(inputs)[0]!;
    const size = field.shape.reduce((a, b) => a * b, 1);
    const weights = parameters("weights", [size, width], (shape, uniform) =>
      Float32Array.from({ length: size * width }, () => (2 * uniform() - 1) * Math.sqrt(6 / (shape[0]! + width))),
    );
    return {
      features: { features: [width] },
      encode: (fields) => ({ features: tf.tanh(tf.matMul(tf.reshape(fields[name]!, [-1, size]), weights.value)) }),
    };
  },
});

export default [logistic, oneLayer];

declare module "vaelab" {
  interface PriorSpecs {
    logistic: Declared<typeof logistic>;
  }
  interface EncoderSpecs {
    "one-layer": Declared<typeof oneLayer>;
  }
}
