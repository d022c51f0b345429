/** The penalty of a regularizer at a batch of the unit Gaussian model, as the framework computes it. */

import type { Model } from "../../src/contracts/model.js";
import type { StepContext } from "../../src/contracts/objective.js";
import type { Penalty, Regularizer } from "../../src/contracts/regularizer.js";
import type { Engine } from "../../src/engine/engine.js";
import { stepContext } from "../../src/inference/step.js";
import type { Definition } from "../../src/spec/define.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import { build } from "./components.js";
import { named } from "./schedules.js";
import { noiseOf } from "./tensors.js";

export interface PenaltyCase {
  model: Model;
  /** [B, D]. */
  x: Tensor;
  training?: boolean;
  /** As large as the batch if not given. */
  trainingSize?: number;
}

export const stepOn = (engine: Engine, { model, x, training = true, trainingSize }: PenaltyCase): StepContext =>
  stepContext(
    { model, trainingSize: trainingSize ?? x.shape[0]! },
    {
      batch: { fields: { x }, index: tf.range(0, x.shape[0]!, 1, "int32") },
      noise: noiseOf(engine),
      training,
      scalars: { weight: tf.scalar(1) },
    },
  );

/** Without parameters of its own. */
export const regularizerOf = (definition: Definition<"regularizer">, fields: object, model: Model): Regularizer =>
  build(
    definition,
    { ...fields, weight: named("weight", 1) },
    {
      model,
      parameters: undefined as never,
      modelParameters: () => [],
    },
  );

export const penaltyAt = (
  engine: Engine,
  definition: Definition<"regularizer">,
  fields: object,
  at: PenaltyCase,
): Penalty => {
  const made = regularizerOf(definition, fields, at.model).penalty(stepOn(engine, at));
  return "terms" in made ? made : { value: made as Scalar, terms: {} };
};

/** The penalty and its terms as numbers. */
export const figuresAt = (...[engine, definition, fields, at]: Parameters<typeof penaltyAt>): Record<string, number> =>
  tf.tidy(() => {
    const { value, terms } = penaltyAt(engine, definition, fields, at);
    return Object.fromEntries(
      Object.entries({ value, ...terms }).map(([name, tensor]) => [name, tensor.dataSync()[0]!]),
    );
  });
