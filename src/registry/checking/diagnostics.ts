/** What validation finds: a fault at a pointer of the merged spec, which the origins turn into a file's line or a flag. */
import type { Problem } from "../../errors.js";
import { parentPointer } from "../reading/json.js";
import { type Origins, showOrigin } from "../reading/traced.js";

export interface Finding {
  code: "SPEC_INVALID" | "SPEC_COMBINATION";
  pointer: string;
  /** Where to point instead if nobody wrote the pointer: the other half of a pair that cannot work. */
  instead?: string;
  /** Whether the key is at fault, rather than what it holds. */
  part?: "key" | "value";
  message: string;
  remedy?: string;
}

/** The nearest pointer that somebody wrote: a default is blamed on what it was filled into. */
export const writtenPointer = (pointer: string, origins: Origins): string => {
  let at = pointer;
  while (at !== "" && !origins.has(at)) at = parentPointer(at);
  return at;
};

/** Where a finding points. */
export const pointerOf = ({ pointer, instead }: Finding, origins: Origins): string =>
  instead !== undefined && !origins.has(pointer) && origins.has(instead) ? instead : pointer;

export const locate = (finding: Finding, origins: Origins): Problem => {
  const { part, message, remedy } = finding;
  const pointer = pointerOf(finding, origins);
  const written = writtenPointer(pointer, origins);
  const origin = origins.get(written);
  // A bare name or number was made into an object that shares its origin; no `/type` or `/value` stands in the file.
  const bare =
    /\/(type|value)$/.test(pointer) && origin !== undefined && origin === origins.get(parentPointer(pointer));
  const shown = bare && origin.kind === "file" ? parentPointer(pointer) : pointer;
  const where = [origin && showOrigin(origin, pointer === written ? part : "value"), shown].filter(Boolean).join("  ");
  return { where, message, ...(remedy !== undefined && { remedy }) };
};
