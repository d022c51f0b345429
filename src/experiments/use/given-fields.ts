/** Fields of the data that a model is conditioned on: what a caller has to give, and may ask for. */
import type { Model } from "../../contracts/model.js";
import { VaelabError } from "../../errors.js";
import { suggest } from "../../registry/reading/nearest.js";
import type { HostFields } from "../evaluation/generation.js";
import { type ExampleOptions, type PreparedExamples, prepareExamples } from "./examples.js";
import type { Numbers } from "./numbers.js";

/** Conditions that are no latent of the model: nothing infers them. */
export const givenFields = ({ conditions = {}, observed = {} }: Pick<Model, "conditions" | "observed">): string[] => {
  const labels = new Set(Object.values(observed));
  return Object.keys(conditions).filter((name) => !labels.has(name));
};

/** @throws USAGE where an example lacks what the model is conditioned on */
export const assertGiven = ({ modeled, ...model }: Model, { observed }: PreparedExamples): void => {
  const absent = givenFields(model).find((name) => observed[name]?.includes(0));
  if (absent === undefined) return;
  throw new VaelabError("USAGE", {
    where: absent,
    message: `the model is conditioned on "${absent}", and some examples have no value of it`,
    remedy: `Give a value for every example: { ${modeled}: ..., ${absent}: ... }.`,
  });
};

/** Values of the conditions that are asked for, one per example. @throws USAGE */
export const requestedFields = (
  { conditions = {} }: Pick<Model, "conditions">,
  asked: Readonly<Record<string, Numbers>>,
  count: number,
  options: ExampleOptions,
): HostFields => {
  for (const name of Object.keys(asked))
    if (!Object.hasOwn(conditions, name))
      throw new VaelabError("USAGE", {
        where: name,
        message: `the model is not conditioned on ${JSON.stringify(name)}`,
        remedy: suggest(name, Object.keys(conditions)),
      });
  if (Object.keys(asked).length === 0) return {};
  const made = prepareExamples(asked, { ...options, fields: conditions, unseen: {} });
  if (made.count !== count)
    throw new VaelabError("USAGE", {
      where: "conditions",
      message: `${made.count} are given for ${count} examples`,
      remedy: "Give one for each.",
    });
  return Object.fromEntries(Object.keys(asked).map((name) => [name, made.fields[name]!]));
};
