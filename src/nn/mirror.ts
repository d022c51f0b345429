/** Defaults that a decoder takes from an encoder of the same type. */
import type { ResolvedFields } from "../contracts/kinds.js";

/** Fields that a decoder has only if its encoder has them. */
const OPTIONAL = ["strides", "initializer", "gain", "normalizeWeights"];

/** The encoder's values of these fields, with lists in reverse, if it has that type; else the defaults. */
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
