/**
 * A plugin as a stranger writes it: the Gumbel distribution with a KL in closed form, a posterior and a prior of it, and the
 * sinh-arcsinh transform as a layer of a flow.
 */
import { type Declared, type Distribution, defineBijection, definePosterior, definePrior, VaelabError } from "vaelab";
import {
  amortized,
  broadcastShape,
  type ClosedFormKl,
  dense,
  logGamma,
  stopGradient,
  sumEvent,
  zeros,
} from "vaelab/parts";
import { type Tensor, tf } from "vaelab/tensor";

type Noise = Parameters<Distribution["sample"]>[0];
type Shape = readonly number[];

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
/** -digamma(1): the mean of a standard Gumbel variable. */
const EULER = 0.5772156649015329;

/** ln p(x) = sum_d [-y_d - exp(-y_d) - l_d], y = (x - m) exp(-l), independent over the event axes; in nats. */
export class Gumbel implements Distribution {
  readonly batchShape: Shape;
  readonly eventShape: Shape;

  /** Location and log-scale broadcast against each other; the last `eventRank` axes are one event. */
  constructor(
    private readonly location: Tensor,
    private readonly logScale: Tensor,
    private readonly eventRank = 1,
  ) {
    const shape = broadcastShape(location.shape, logScale.shape);
    this.batchShape = shape.slice(0, shape.length - eventRank);
    this.eventShape = shape.slice(shape.length - eventRank);
  }

  /** m - s ln(-ln u), which has a gradient in both parameters. */
  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    const u = noise.uniform(site, [...sampleShape, ...this.batchShape, ...this.eventShape]);
    // Away from 0 and 1, where the logarithms are infinite.
    const standard = tf.neg(tf.log(tf.neg(tf.log(tf.clipByValue(u, 1e-7, 1 - 1e-7)))));
    return tf.add(this.location, tf.mul(tf.exp(this.logScale), standard));
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    const value = this.sample(noise, site, sampleShape);
    return { value, logProb: this.logProb(value) };
  }

  logProb(value: Tensor): Tensor {
    return sumEvent(this.logProbElements(value), this.eventRank);
  }

  logProbElements(value: Tensor): Tensor {
    const y = tf.mul(tf.sub(value, this.location), tf.exp(tf.neg(this.logScale)));
    return tf.neg(tf.add(tf.add(y, tf.exp(tf.neg(y))), this.logScale));
  }

  mean(): Tensor {
    return this.whole(tf.add(this.location, tf.mul(EULER, tf.exp(this.logScale))));
  }

  variance(): Tensor {
    return this.whole(tf.mul(Math.PI ** 2 / 6, tf.exp(tf.mul(2, this.logScale))));
  }

  detached(): Gumbel {
    return new Gumbel(stopGradient(this.location), stopGradient(this.logScale), this.eventRank);
  }

  withBatch(batchShape: Shape): Gumbel {
    const arranged = (x: Tensor): Tensor => tf.reshape(this.whole(x), [...batchShape, ...this.eventShape]);
    return new Gumbel(arranged(this.location), arranged(this.logScale), this.eventRank);
  }

  /**
   * By element, with r = s_q / s_p and d = (m_q - m_p) / s_p: d - ln r + g (r - 1) - 1 + Gamma(1 + r) exp(-d), g Euler's constant
   * (Gil, Alajaji & Linder 2013).
   */
  klTo(p: Distribution): ClosedFormKl | undefined {
    if (!(p instanceof Gumbel)) return undefined;
    const elements = (): Tensor => {
      const logRatio = tf.sub(this.logScale, p.logScale);
      const ratio = tf.exp(logRatio);
      const distance = tf.mul(tf.sub(this.location, p.location), tf.exp(tf.neg(p.logScale)));
      const overlap = tf.exp(tf.sub(logGamma(tf.add(ratio, 1)), distance));
      return tf.add(tf.sub(tf.add(distance, tf.mul(EULER, tf.sub(ratio, 1))), tf.add(logRatio, 1)), overlap);
    };
    return { elements, total: () => sumEvent(elements(), this.eventRank) };
  }

  /** [...batch, ...event]. */
  private whole(x: Tensor): Tensor {
    return tf.broadcastTo(x, [...this.batchShape, ...this.eventShape]);
  }
}

export const gumbelPosterior = definePosterior({
  schema: {
    type: "object",
    title: "Gumbel",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "gumbel" } },
  },
  formula: "q(z | x) = prod_d Gumbel(z_d; m_d(x), exp(l_d(x)))",
  source: "Gumbel 1958",
  capabilities: () => ["density", "evaluable", "factorized", "reparameterized"],
  create: (_, { features: { features }, latent, parameters }) => {
    if (!features) throw new VaelabError("CONTRACT", { message: 'the encoder provides no "features" output' });
    const [inputs, outputs] = [sizeOf(features), sizeOf(latent)];
    const [location, logScale] = ["location", "log-scale"].map((name) => {
      const layer = dense(parameters.scope(name), inputs, outputs);
      return (map: Tensor): Tensor => tf.reshape(layer(tf.reshape(map, [-1, inputs])), [-1, ...latent]);
    }) as [(map: Tensor) => Tensor, (map: Tensor) => Tensor];
    return { at: (maps) => new Gumbel(location(maps.features!), logScale(maps.features!), latent.length) };
  },
});

export const gumbelPrior = definePrior({
  schema: {
    type: "object",
    title: "Gumbel",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "gumbel" } },
  },
  formula: "p(z) = prod_d Gumbel(z_d; m_d, exp(l_d)), learned, first standard",
  source: "Gumbel 1958",
  capabilities: () => ["density", "factorized"],
  create: (_, { latent, parameters }) => {
    const [location, logScale] = [parameters("location", latent, zeros), parameters("log-scale", latent, zeros)];
    return { at: () => new Gumbel(location.value, logScale.value, latent.length) };
  },
});

/** ln cosh u, without overflow. */
const logCosh = (u: Tensor): Tensor => tf.sub(tf.add(tf.abs(u), tf.softplus(tf.mul(-2, tf.abs(u)))), Math.LN2);

/** f(x) = sinh(exp(t) asinh x + e): t changes the tails, and is kept in (-1/2, 1/2) by a tanh; e skews. */
export const sinhArcsinh = defineBijection({
  schema: {
    type: "object",
    title: "sinh-arcsinh transform",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "sinh-arcsinh" } },
  },
  formula: "f(x) = sinh(exp(t) asinh x + e), ln det = sum [t + ln cosh(exp(t) asinh x + e) - ln(1 + x^2) / 2]",
  source: "Jones & Pewsey 2009, section 2",
  capabilities: () => ["invertible"],
  create: (_, { shape, features, parameters }) => {
    const tail = amortized(parameters.scope("tail"), sizeOf(shape), zeros, features);
    const skew = amortized(parameters.scope("skew"), sizeOf(shape), zeros, features);
    return {
      at: ({ features: values }) => {
        const shaped = (x: Tensor): Tensor => tf.reshape(x, [...x.shape.slice(0, -1), ...shape]);
        const t = tf.div(tf.tanh(shaped(tail(values))), 2);
        const e = shaped(skew(values));
        /** The map x -> sinh u of u = u(asinh x), whose slope in asinh x is exp(slope). */
        const through = (x: Tensor, u: Tensor, slope: Tensor) => ({
          value: tf.sinh(u),
          logDet: sumEvent(tf.sub(tf.add(slope, logCosh(u)), tf.mul(0.5, tf.log1p(tf.square(x)))), shape.length),
        });
        return {
          forward: (x) => through(x, tf.add(tf.mul(tf.exp(t), tf.asinh(x)), e), t),
          inverse: (y) => through(y, tf.mul(tf.exp(tf.neg(t)), tf.sub(tf.asinh(y), e)), tf.neg(t)),
        };
      },
    };
  },
});

export default [gumbelPosterior, gumbelPrior, sinhArcsinh];

declare module "vaelab" {
  interface PosteriorSpecs {
    gumbel: Declared<typeof gumbelPosterior>;
  }
  interface PriorSpecs {
    gumbel: Declared<typeof gumbelPrior>;
  }
  interface BijectionSpecs {
    "sinh-arcsinh": Declared<typeof sinhArcsinh>;
  }
}
