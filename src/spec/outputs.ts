/**
 * The fields that a model generates. `model.decoder`, `model.likelihood` and `model.generatedFrom` are shorthand for one output, the
 * data set's modeled field; `model.outputs` names several, for which they are the defaults.
 */
import type { ResolvedFields } from "../contracts/kinds.js";
import type { ResolvedSpec } from "./experiment-schema.js";

/** An output, with the defaults that depend on how it is written. */
export interface OutputPlan {
  field: string;
  /** JSON pointer of the object that holds its decoder and likelihood. */
  pointer: string;
  decoder: ResolvedFields;
  likelihood: ResolvedFields;
  /** Latents that its decoder sees; all of them if absent. */
  generatedFrom?: readonly string[];
  /** Weight of its log-likelihood in the loss. */
  weight: number;
  /** Whether the encoder sees it. */
  encode: boolean;
}

type Model = Pick<ResolvedSpec["model"], "decoder" | "likelihood" | "generatedFrom" | "outputs">;

/** In the order of the spec. @param modeled the data set's modeled field */
export const outputPlans = ({ outputs, decoder, likelihood, generatedFrom }: Model, modeled: string): OutputPlan[] => {
  if (!outputs)
    return [
      {
        field: modeled,
        pointer: "/model",
        decoder,
        likelihood,
        ...(generatedFrom && { generatedFrom }),
        weight: 1,
        encode: true,
      },
    ];
  return Object.entries(outputs).map(([field, { generatedFrom: own, ...written }]) => ({
    field,
    pointer: `/model/outputs/${field}`,
    ...written,
    ...(own && { generatedFrom: own }),
  }));
};

/** Fields that the encoder sees, the modeled one first. */
export const encodedOutputs = (plans: readonly Pick<OutputPlan, "field" | "encode">[], modeled: string): string[] => {
  const encoded = plans.filter(({ encode }) => encode).map(({ field }) => field);
  return [modeled, ...encoded.filter((field) => field !== modeled)];
};
