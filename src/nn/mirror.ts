/** Defaults of a decoder that come from an encoder of the same type. */
import type { ResolvedFields } from "../spec/define.js";

/** Fields that a decoder has only where its encoder has them. */
const OPTIONAL = ["strides", "initializer", "gain"];

/** What the encoder has of these fields, lists in reverse, if it is of that type; else the defaults. */
export const mirrorOf = (
  type: string,
  defaults: Readonly<Record<string, unknown>>,
  encoder: ResolvedFields | undefined,
): Readonly<Record<string, unknown>> => {
  if (encoder?.type !== type) return defaults;
  const names = [...Object.keys(defaults), ...OPTIONAL];
  const found = Object.entries(encoder).flatMap(([name, value]) =>
    names.includes(name) ? [[name, Array.isArray(value) ? value.toReversed() : value]] : [],
  );
  return { ...defaults, ...Object.fromEntries(found) };
};
