/** Closed-form Kullback-Leibler divergences beside Monte Carlo estimates. */
import type { Distribution } from "../contracts/distribution.js";
import { closedFormKl } from "../distributions/kl.js";
import type { Engine } from "../engine/engine.js";
import { sumEvent } from "../tensor/mathematics.js";
import { tf } from "../tensor/tensor.js";
import { assertClose, assertShape, assertThat } from "./assertions.js";
import { noiseOf } from "./values.js";

/** The closed form of KL(q || p) is what draws of q estimate. */
export const assertKl = (engine: Engine, q: Distribution, p: Distribution): void => {
  const kl = closedFormKl(q, p);
  assertThat(kl !== undefined, `KL(q || p) has no closed form: klTo returns undefined, and the table has no such pair`);
  const total = kl!.total();
  assertShape("the total of the KL", total.shape, q.batchShape);
  if (kl!.elements) {
    const elements = kl!.elements();
    assertShape("the elements of the KL", elements.shape, [...q.batchShape, ...q.eventShape]);
    assertClose("the sum of the elements of the KL", sumEvent(elements, q.eventShape.length), total, 1e-4);
  }
  const draws = 20_000;
  const { value, logProb } = q.sampleAndLogProb(noiseOf(engine), "z", [draws]);
  const { mean, variance } = tf.moments(tf.sub(logProb, p.logProb(value)), 0);
  const [estimates, variances, exact] = [mean, variance, total].map((each) => Array.from(each.dataSync()));
  estimates!.forEach((estimate, i) => {
    const tolerance = 5 * Math.sqrt(variances![i]! / draws) + 1e-4;
    assertThat(
      Math.abs(estimate - exact![i]!) < tolerance,
      `KL(q || p) of member ${i} is ${exact![i]} in closed form, expected ${estimate} within ${tolerance} from ${draws} draws`,
    );
  });
};
