/** The shapes that src/contracts/distribution.ts states, of every method that a distribution has. */
import type { Distribution } from "../contracts/distribution.js";
import type { Engine } from "../engine/engine.js";
import { type Shape, showShape } from "../tensor/fields.js";
import { sumEvent } from "../tensor/mathematics.js";
import { assertClose, assertFinite, assertShape, assertThat } from "./assertions.js";
import { noiseOf } from "./values.js";

const assertThrows = (what: string, body: () => unknown): void => {
  try {
    body();
  } catch {
    return;
  }
  assertThat(false, `${what} returns a value, expected an error`);
};

/**
 * [...sample, ...batch, ...event] for draws, without the event for log-probabilities, by every method that there is.
 * @param isEvaluable whether logProb is known at any value
 */
export const assertShapes = (
  engine: Engine,
  p: Distribution,
  batchShape: Shape,
  eventShape: Shape,
  isEvaluable = true,
): void => {
  assertShape("its batch", p.batchShape, batchShape);
  assertShape("an event", p.eventShape, eventShape);
  for (const sampleShape of [[], [2], [2, 3]]) {
    const leading = [...sampleShape, ...batchShape];
    const shape = [...leading, ...eventShape];
    const of = `with the sample shape ${showShape(sampleShape)}`;
    assertShape(`a draw ${of}`, p.sample(noiseOf(engine), "z", sampleShape).shape, shape);
    const drawn = p.sampleAndLogProb(noiseOf(engine), "z", sampleShape);
    assertShape(`the value of sampleAndLogProb ${of}`, drawn.value.shape, shape);
    if (p.singular) continue;
    assertShape(`the logProb of sampleAndLogProb ${of}`, drawn.logProb.shape, leading);
    if (!isEvaluable) {
      assertThrows("logProb of a value, since the density of draws alone is declared,", () => p.logProb(drawn.value));
      continue;
    }
    const logProb = p.logProb(drawn.value);
    assertShape(`logProb of values ${of}`, logProb.shape, leading);
    assertFinite("logProb of a draw", logProb.dataSync());
    assertClose("the logProb of sampleAndLogProb, beside logProb of the value,", drawn.logProb, logProb, 1e-4);
    if (!p.logProbElements) continue;
    const elements = p.logProbElements(drawn.value);
    assertShape(`logProbElements of values ${of}`, elements.shape, shape);
    assertClose("the sum of logProbElements, beside logProb,", sumEvent(elements, eventShape.length), logProb, 1e-4);
  }
  const whole = [...batchShape, ...eventShape];
  if (p.mean) assertShape("mean", p.mean().shape, whole);
  if (p.variance) assertShape("variance", p.variance().shape, whole);
  if (p.enumerate) assertShape("each value of enumerate", p.enumerate().shape.slice(1), whole);
};
