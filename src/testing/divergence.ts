/** Closed-form Kullback-Leibler divergences beside Monte Carlo estimates. */
import type { Distribution } from "../contracts/distribution.js";
import { closedFormKl } from "../distributions/kl.js";
import type { Engine } from "../engine/engine.js";
import { sumEvent } from "../tensor/mathematics.js";
import { tf } from "../tensor/tensor.js";
import { assertClose, assertShape, assertThat } from "./assertions.js";
import { assertMean } from "./draws.js";
import { noiseOf } from "./values.js";

const DRAWS = 20_000;

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
  const { value, codes: drawn = value, logProb } = q.sampleAndLogProb(noiseOf(engine), "z", [DRAWS]);
  const ratios = tf.sub(logProb, p.logProb(drawn)).dataSync();
  total.dataSync().forEach((exact, i) => {
    const ofMember = Array.from({ length: DRAWS }, (_, draw) => ratios[draw * total.size + i]!);
    assertMean(`ln q - ln p of member ${i}, which the closed form states,`, ofMember, exact);
  });
};
