/** The conditions that samples are requested under on a command line, "label=cat", as values of the model's conditions. */
import type { Model } from "../../contracts/model.js";
import { VaelabError } from "../../errors.js";
import { suggest } from "../../registry/reading/nearest.js";
import { classCode } from "../evaluation/class-code.js";
import type { HostFields } from "../evaluation/generation.js";

const refuse = (text: string, message: string, remedy: string): VaelabError =>
  new VaelabError("USAGE", { where: `--given ${text}`, message, remedy });

/**
 * The same conditions for all of `count` samples.
 * @throws USAGE for anything but FIELD=VALUE, a field that is no condition of the model, an unknown class
 */
export const requestedConditions = (model: Model, given: readonly string[], count: number): HostFields => {
  const { conditions = {} } = model;
  const parsed = given.map((text): [string, Float32Array] => {
    const [, name, written] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (name === undefined || written === undefined)
      throw refuse(text, "expected FIELD=VALUE", "Write it as in --given label=cat");
    const field = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
    if (!field)
      throw refuse(
        text,
        `the model is not conditioned on ${JSON.stringify(name)}`,
        Object.keys(conditions).length > 0
          ? suggest(name, Object.keys(conditions))
          : 'It has no conditions: give the spec a head, such as "conditional"',
      );
    if (field.shape.length > 0)
      throw refuse(text, `"${name}" has the shape [${field.shape}]`, "Only single values can be requested here");
    if (field.support === "categorical")
      return [name, new Float32Array(count).fill(classCode(written, name, field, `--given ${text}`))];
    const value = Number(written);
    if (written.trim() === "" || !Number.isFinite(value))
      throw refuse(text, `${JSON.stringify(written)} is not a number`, `"${name}" takes a number`);
    return [name, new Float32Array(count).fill(value)];
  });
  for (const [i, [name]] of parsed.entries())
    if (parsed.findIndex(([other]) => other === name) < i)
      throw refuse(given[i]!, `"${name}" is requested twice`, "All samples of one call share their conditions");
  return Object.fromEntries(parsed);
};
