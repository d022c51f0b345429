/**
 * The VampPrior: p(z) = sum_k w_k q(z | u_k), a mixture of the posteriors at K learned pseudo-inputs u_k. A hard tanh, as in
 * the paper, or a sigmoid, whose gradient does not vanish outside, keeps them within the support of their field. Labels that
 * the encoder sees are those of training examples and are not learned. Weights are 1/K unless they are learned.
 */

import { Mixture } from "../distributions/mixture.js";
import { definePrior } from "../spec/define.js";
import type { FieldSchema } from "../tensor/fields.js";
import { type Initializer, mapped, normalWith, zeros } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";

type Bound = "hard-tanh" | "sigmoid";

const isUnit = ({ support }: FieldSchema): boolean =>
  support === "binary" || support === "unit" || support === "one-hot";
/** Labels have no gradient. */
const isTrained = ({ support }: FieldSchema): boolean => support !== "categorical";

/** Maps a parameter to a value of the field. */
const restrict = (field: FieldSchema, bound: Bound, x: Tensor): Tensor => {
  if (field.support === "count" || field.support === "positive") return tf.relu(x);
  if (!isUnit(field)) return x;
  return bound === "sigmoid" ? tf.sigmoid(x) : tf.clipByValue(x, 0, 1);
};
/** Maps a value of the field to a parameter. A sigmoid never reaches 0 or 1, so those start slightly inside. */
const release = (field: FieldSchema, bound: Bound, value: number): number => {
  if (!isUnit(field) || bound !== "sigmoid") return value;
  const inside = Math.min(Math.max(value, 0.05), 0.95);
  return Math.log(inside / (1 - inside));
};

export const vamp = definePrior({
  schema: {
    type: "object",
    title: "VampPrior",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "vamp" },
      components: { type: "integer", minimum: 1, default: 100, description: "Number of pseudo-inputs" },
      initial: {
        enum: ["examples", "random"],
        default: "examples",
        description: "Initial pseudo-inputs: training examples, or small noise",
      },
      bound: {
        enum: ["hard-tanh", "sigmoid"],
        default: "hard-tanh",
        description: "Function that keeps pseudo-inputs of a [0, 1] field within it",
      },
      weights: { enum: ["uniform", "trained"], default: "uniform", description: "Weights of the components" },
    },
  },
  formula: "p(z) = sum_k w_k q(z | u_k), u_k trained pseudo-inputs",
  source: "Tomczak & Welling 2018, equation 9; its code draws random pseudo-inputs from N(0.05, 0.01)",
  capabilities: () => ["density", "encodes"],
  // Those of the posterior, whose mixture it is.
  support: () => ["real", "positive", "sphere", "ball"],
  requires: () => [
    {
      kind: "posterior",
      capability: "evaluable",
      reason:
        "A VampPrior is a mixture of posteriors, scored at any value: use a posterior whose density is known everywhere, such as diagonal-gaussian",
    },
  ],
  examples: ({ components, initial }) => (initial === "examples" ? (components as number) : 0),
  create: ({ components, initial, bound, weights }, { inputs, parameters, examples }) => {
    let chosen: Readonly<Record<string, Float32Array>> | undefined;
    const fromExamples =
      (name: string, field: FieldSchema): Initializer =>
      () => {
        chosen ??= examples(components);
        return chosen[name]!.map((value) => release(field, bound, value));
      };
    const fromNoise = (field: FieldSchema): Initializer =>
      !isUnit(field) ? normalWith(0, 1) : mapped(normalWith(0.05, 0.01), (value) => release(field, bound, value));
    const pseudoInputs = Object.entries(inputs).map(([name, field]): [string, FieldSchema, Parameter] => {
      const initializer = initial === "examples" || !isTrained(field) ? fromExamples(name, field) : fromNoise(field);
      const trainable = isTrained(field);
      return [
        name,
        field,
        parameters(`pseudo-inputs/${name}`, [components, ...field.shape], initializer, { trainable }),
      ];
    });
    const logits = weights === "trained" ? parameters("logits", [components], zeros) : undefined;
    return {
      at: ({ encode }) => {
        const fields = Object.fromEntries(
          pseudoInputs.map(([name, field, parameter]) => [name, restrict(field, bound, parameter.value)]),
        );
        return new Mixture(logits ? logits.value : tf.zeros([components]), encode(fields));
      },
    };
  },
});
