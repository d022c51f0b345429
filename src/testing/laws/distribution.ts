/** What a distribution owes to its contract (src/contracts/distribution.ts), tried at a few values of its parameters. */
import type { Distribution } from "../../contracts/distribution.js";
import { closedFormKl } from "../../distributions/kl.js";
import type { Engine } from "../../engine/engine.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { assertClose, flatNumbers, type Numbers, shapeOfNumbers } from "../assertions.js";
import { assertDensity, type ValueSupport } from "../density.js";
import { assertGradient, SLOPE_TOLERANCE } from "../differences.js";
import { assertKl } from "../divergence.js";
import { type Law, lawOf } from "../law.js";
import { assertShapes } from "../shapes.js";
import { noiseOf } from "../values.js";

/** A distribution by its parameters. */
export interface DistributionCase {
  name: string;
  /** Tensors [N, ...] as in `parameters` → batchShape [N]. */
  make(...parameters: Tensor[]): Distribution;
  /** Values that it is tried at: a list for each parameter, whose first axis counts the members of the batch. */
  parameters: readonly Numbers[];
  /** Where its values lie; "real" unless given. On simplices, the mass is not summed. */
  support?: ValueSupport;
  /** Set where draws have no gradient in the parameters. Those of a discrete one never have. */
  reparameterized?: false;
  /** Distributions of whose KL it has the closed form, by name: p of KL(this || p), batchShape [N] or []. */
  klTo?: Readonly<Record<string, () => Distribution>>;
}

const tensorOf = (numbers: Numbers): Tensor => tf.tensor(flatNumbers(numbers), shapeOfNumbers(numbers), "float32");

/**
 * Shapes of all methods; members of a batch by themselves; the mass, draws and moments where values are one or two numbers; gradients
 * beside differences; closed-form KLs beside Monte Carlo.
 */
export const distributionLaws = (engine: Engine, tried: DistributionCase): Law[] => {
  const { name, make, support = "real", klTo = {} } = tried;
  const law = (title: string, check: () => void): Law => lawOf(name, title, () => tf.tidy(check));
  const parameters = (): Tensor[] => tried.parameters.map(tensorOf);
  const size = shapeOfNumbers(tried.parameters[0] ?? 0)[0] ?? 0;
  const memberOf = (i: number): Distribution => make(...parameters().map((each) => tf.slice(each, i, 1)));
  const gradients = (of: (p: Distribution, value: Tensor) => Tensor): void => {
    const value = make(...parameters()).sample(noiseOf(engine), "value", []);
    const scalar = (p: Distribution, x: Tensor): Tensor => tf.mul(tf.sum(of(p, x)), 0.1);
    for (const [i, parameter] of parameters().entries())
      assertGradient(
        `parameter ${i}`,
        (x) => scalar(make(...parameters().with(i, x)), value),
        parameter,
        SLOPE_TOLERANCE,
      );
  };
  const laws = [
    law("draws are [...sample, ...batch, ...event], and logProb leaves the event out", () => {
      const p = make(...parameters());
      assertShapes(engine, p, [size], p.eventShape);
      if (p.withBatch) assertShapes(engine, p.withBatch([1, size]), [1, size], p.eventShape);
      if (p.detached) assertShapes(engine, p.detached(), [size], p.eventShape);
    }),
    law("each member of a batch has the logProb that it has alone", () => {
      const p = make(...parameters());
      const value = p.sample(noiseOf(engine), "z", []);
      const alone = Array.from({ length: size }, (_, i) => memberOf(i).logProb(tf.slice(value, i, 1)));
      assertClose("logProb of a batch", p.logProb(value), tf.concat(alone), 1e-5);
    }),
    law("draws lie in the support, the mass is 1, and draws fall as logProb says", () => {
      for (let i = 0; i < size; i++) assertDensity(engine, memberOf(i), support);
    }),
    law("gradients of logProb agree with differences", () => {
      gradients((p, value) => p.logProb(value));
      const p = make(...parameters());
      if (p.discrete) return;
      const value = p.sample(noiseOf(engine), "value", []);
      assertGradient("the value", (x) => tf.mul(tf.sum(p.logProb(x)), 0.1), value, SLOPE_TOLERANCE);
    }),
    ...Object.entries(klTo).map(([other, p]) =>
      law(`the closed form of the KL to ${other} is what draws estimate, and has the gradients of differences`, () => {
        assertKl(engine, make(...parameters()), p());
        gradients((q) => closedFormKl(q, p())!.total());
      }),
    ),
  ];
  if (tried.reparameterized !== false)
    laws.push(
      law("gradients of draws agree with differences, unless values are discrete", () => {
        if (make(...parameters()).discrete) return;
        gradients((p) => tf.sin(p.sample(noiseOf(engine), "draw", [3])));
      }),
    );
  return laws;
};
