/** Diagnostics of validation: a fault at a pointer of the merged spec, which origins map to a line of a file or a flag. */
import type { Problem } from "../../errors.js";
import { parentPointer } from "../reading/json.js";
import { type Origins, showOrigin } from "../reading/traced.js";

export interface Finding {
  code: "SPEC_INVALID" | "SPEC_COMBINATION";
  pointer: string;
  /** Fallback if the pointer is a default: the other half of a pair that cannot work. */
  instead?: string;
  /** Whether the key is at fault, not its value. */
  part?: "key" | "value";
  message: string;
  remedy?: string;
}

/** Whether no finding is at or below a pointer. `findings` may grow; each is visited once, because a list can have 100,000 faults. */
export const soundness = (findings: readonly Finding[]): ((pointer: string) => boolean) => {
  const unsound = new Set<string>();
  let visited = 0;
  return (pointer) => {
    for (; visited < findings.length; visited++) {
      let at = findings[visited]!.pointer;
      while (at !== "" && !unsound.has(at)) {
        unsound.add(at);
        at = parentPointer(at);
      }
    }
    return pointer === "" ? findings.length === 0 : !unsound.has(pointer);
  };
};

/** Nearest written pointer: a fault in a default is reported at the object that it was filled into. */
export const writtenPointer = (pointer: string, origins: Origins): string => {
  let at = pointer;
  while (at !== "" && !origins.has(at)) at = parentPointer(at);
  return at;
};

/** Place of a diagnostic. */
export const pointerOf = ({ pointer, instead }: Finding, origins: Origins): string =>
  instead !== undefined && !origins.has(pointer) && origins.has(instead) ? instead : pointer;

export const locate = (finding: Finding, origins: Origins): Problem => {
  const { part, message, remedy } = finding;
  const pointer = pointerOf(finding, origins);
  const written = writtenPointer(pointer, origins);
  const origin = origins.get(written);
  // A bare name or number was expanded to an object with the same origin, so the file has no `/type` or `/value`.
  const bare =
    /\/(type|value)$/.test(pointer) && origin !== undefined && origin === origins.get(parentPointer(pointer));
  const shown = bare && origin.kind === "file" ? parentPointer(pointer) : pointer;
  const where = [origin && showOrigin(origin, pointer === written ? part : "value"), shown].filter(Boolean).join("  ");
  return { where, message, ...(remedy !== undefined && { remedy }) };
};
