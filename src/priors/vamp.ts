/**
 * The VampPrior: p(z) = sum_k w_k q(z | u_k), a mixture of the posteriors at K pseudo-inputs u_k. Learned ones are kept within the
 * support of their field by a hard tanh, as in the paper, or by a sigmoid, whose gradient does not vanish outside. Labels that the
 * encoder sees are those of training examples and are not learned. Pseudo-inputs of the kind "data" are K training examples that stay
 * as they are. Weights are 1/K unless they are learned.
 */

import { Mixture } from "../distributions/mixture.js";
import { VaelabError } from "../errors.js";
import { definePrior } from "../spec/define.js";
import type { FieldSchema } from "../tensor/fields.js";
import { type Initializer, mapped, normalWith, zeros } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameters.js";
import { type Tensor, tf } from "../tensor/tensor.js";

type Bound = "hard-tanh" | "sigmoid";

const isUnit = ({ support }: FieldSchema): boolean =>
  support === "binary" || support === "unit" || support === "one-hot";
/** Labels have none. */
const hasGradient = ({ support }: FieldSchema): boolean => support !== "categorical";

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
      pseudoInputs: {
        enum: ["learned", "data"],
        default: "learned",
        description: "Learned pseudo-inputs, or training examples that stay as they are",
      },
      initial: {
        enum: ["examples", "random"],
        default: "examples",
        description: "If learned: initial pseudo-inputs, training examples or small noise",
      },
      bound: {
        enum: ["hard-tanh", "sigmoid"],
        default: "hard-tanh",
        description: "If learned: function that keeps pseudo-inputs of a [0, 1] field within it",
      },
      weights: { enum: ["uniform", "trained"], default: "uniform", description: "Weights of the components" },
    },
  },
  formula: "p(z) = sum_k w_k q(z | u_k), u_k pseudo-inputs",
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
  examples: ({ components, initial, pseudoInputs }) =>
    initial === "examples" || pseudoInputs === "data" ? (components as number) : 0,
  resolve: (fields) => {
    const idle = [
      fields.initial === "random" && '"initial": "random"',
      fields.bound === "sigmoid" && '"bound": "sigmoid"',
    ].filter(Boolean);
    if (fields.pseudoInputs === "data" && idle.length > 0)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `pseudo-inputs that are training examples are not learned, so ${idle.join(" and ")} would have no effect`,
        remedy: 'Leave it out, or set "pseudoInputs" to "learned".',
      });
    return fields;
  },
  create: ({ components, pseudoInputs, initial, bound, weights }, { inputs, parameters, examples }) => {
    const isLearned = (field: FieldSchema): boolean => pseudoInputs === "learned" && hasGradient(field);
    let chosen: Readonly<Record<string, Float32Array>> | undefined;
    const fromExamples =
      (name: string, field: FieldSchema): Initializer =>
      () => {
        chosen ??= examples(components);
        return isLearned(field) ? chosen[name]!.map((value) => release(field, bound, value)) : chosen[name]!;
      };
    const fromNoise = (field: FieldSchema): Initializer =>
      !isUnit(field) ? normalWith(0, 1) : mapped(normalWith(0.05, 0.01), (value) => release(field, bound, value));
    const declared = Object.entries(inputs).map(([name, field]): [string, FieldSchema, Parameter] => {
      const trainable = isLearned(field);
      const initializer = initial === "random" && trainable ? fromNoise(field) : fromExamples(name, field);
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
          declared.map(([name, field, { value }]) => [name, isLearned(field) ? restrict(field, bound, value) : value]),
        );
        return new Mixture(logits ? logits.value : tf.zeros([components]), encode(fields));
      },
    };
  },
});
