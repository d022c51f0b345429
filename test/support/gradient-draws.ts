/** Losses and gradients of an objective in a model whose parameters are scalars, over many draws: for expectations that are known. */
import type { Model } from "../../src/contracts/model.js";
import type { Objective, Terms } from "../../src/contracts/objective.js";
import { toTensor } from "../../src/engine/eager.js";
import type { Engine } from "../../src/engine/engine.js";
import { keyInput } from "../../src/experiments/training/batches.js";
import { stepContext } from "../../src/inference/step.js";
import { mapValues } from "../../src/numerics/records.js";
import { noiseKey } from "../../src/numerics/streams.js";
import type { Definition } from "../../src/spec/define.js";
import { keyedNoise } from "../../src/tensor/keyed-noise.js";
import { ParameterStore } from "../../src/tensor/parameters.js";
import { type Scalar, type Tensor, tf } from "../../src/tensor/tensor.js";
import { build, initialBindings } from "./components.js";

const stores = new WeakMap<Objective, ParameterStore>();

/** An objective as `gradientDraws` takes it. */
export const objectiveOf =
  (definition: Definition<"objective">, fields: object) =>
  (model: Model): Objective => {
    const store = new ParameterStore();
    const objective = build(definition, { ...fields }, { model, parameters: store.scope("objective") });
    stores.set(objective, store);
    return objective;
  };

export interface GradientDraws<Name extends string> {
  /** Of each of the repeats: the phase's terms, read. */
  terms: Record<string, number>[];
  loss: number[];
  gradients: Record<Name, number[]>;
}

export interface Drawn<Name extends string> {
  modelOf(parameters: Record<Name, Scalar>): Model;
  objectiveOf(model: Model): Objective;
  values: Readonly<Record<Name, number>>;
  /** One number an example: the field x, [B, 1]. */
  data: readonly number[];
  repeats?: number;
  phase?: number;
  /** Values of schedules, by name. */
  scalars?: Readonly<Record<string, number>>;
}

/** The loss of a phase, its terms and gradients, by as many keys as there are repeats. Parameters of the objective are as they begin. */
export const gradientDraws = <Name extends string>(engine: Engine, drawn: Drawn<Name>): GradientDraws<Name> => {
  const { modelOf, values, data, repeats = 40, phase = 0, scalars = {} } = drawn;
  const names = Object.keys(values) as Name[];
  const gradients = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  const found: GradientDraws<Name> = { terms: [], loss: [], gradients };
  for (let repeat = 0; repeat < repeats; repeat++)
    tf.tidy(() => {
      const lossOf = (...given: Tensor[]): Scalar => {
        const model = modelOf(Object.fromEntries(names.map((name, i) => [name, given[i]])) as Record<Name, Scalar>);
        const objective = drawn.objectiveOf(model);
        const context = stepContext(
          { model, trainingSize: data.length },
          {
            batch: {
              fields: { x: tf.tensor2d([...data], [data.length, 1]) },
              index: tf.range(0, data.length, 1, "int32"),
            },
            noise: keyedNoise(engine.noise, toTensor(keyInput(noiseKey(1, "test", repeat)))),
            training: true,
            scalars: mapValues(scalars, (value) => tf.scalar(value)),
          },
        );
        const store = stores.get(objective) ?? new ParameterStore();
        const terms = store.bind(initialBindings(store), (): Terms => objective.phases[phase]!.terms(context));
        found.terms.push(
          Object.fromEntries(Object.entries(terms.terms).map(([name, term]) => [name, term.dataSync()[0]!])),
        );
        // A phase of the encoder alone has no gradient in the model.
        return tf.add(terms.loss, tf.mul(0, tf.addN(given) as Scalar));
      };
      const { value, grads } = tf.valueAndGrads(lossOf as never)(names.map((name) => tf.scalar(values[name])));
      found.loss.push(value.dataSync()[0]!);
      for (const [i, name] of names.entries()) found.gradients[name].push((grads[i] as Tensor).dataSync()[0]!);
    });
  return found;
};
