/** What samples are asked for on a command line, "label=3", as values of the model's conditions. */
import type { Model } from "../../contracts/model.js";
import { VaelabError } from "../../errors.js";
import { suggest } from "../../registry/reading/nearest.js";
import type { HostFields } from "../evaluation/generation.js";

/**
 * The same for all of `count` samples.
 * @throws USAGE: not NAME=NUMBER, a field that the model is not conditioned on, a value that the field cannot have
 */
export const askedFor = (model: Model, given: readonly string[], count: number): HostFields => {
  const { conditions = {} } = model;
  const refuse = (text: string, message: string, remedy: string): VaelabError =>
    new VaelabError("USAGE", { where: `--given ${text}`, message, remedy });
  const parsed = given.map((text): [string, Float32Array] => {
    const [, name, written] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    const value = Number(written);
    if (name === undefined || !Number.isFinite(value))
      throw refuse(text, "should be a field and a number", "Write it as in --given label=3");
    const field = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
    if (!field)
      throw refuse(
        text,
        `the model is not conditioned on ${JSON.stringify(name)}`,
        Object.keys(conditions).length > 0
          ? suggest(name, Object.keys(conditions))
          : 'It is conditioned on nothing: give the spec a head, such as "conditional"',
      );
    if (field.shape.length > 0)
      throw refuse(text, `"${name}" has the shape [${field.shape}]`, "Only single numbers can be asked for here");
    const { classes } = field;
    if (classes !== undefined && !(Number.isInteger(value) && value >= 0 && value < classes))
      throw refuse(text, `"${name}" has no category ${written}`, `It has 0 to ${classes - 1}`);
    return [name, new Float32Array(count).fill(value)];
  });
  return Object.fromEntries(parsed);
};
