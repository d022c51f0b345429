/** Checks the fields of the data that regularizers read. */
import type { DatasetDescription } from "../../contracts/index.js";
import { nameOf, type Part } from "../components/parts.js";
import { childPointer } from "../reading/json.js";
import { suggest } from "../reading/nearest.js";
import type { Finding } from "./diagnostics.js";

export const readFindings = (parts: readonly Part[], { fields, partial = [] }: DatasetDescription): Finding[] =>
  parts.flatMap((part): Finding[] => {
    const name = part.outermost && "reads" in part.definition ? part.definition.reads?.(part.fields) : undefined;
    if (name === undefined) return [];
    const at = Object.keys(part.fields).find((key) => part.fields[key] === name);
    const refuse = (message: string, remedy: string): Finding[] => [
      {
        code: "SPEC_COMBINATION",
        pointer: at === undefined ? part.pointer : childPointer(part.pointer, at),
        message,
        remedy,
        instead: "/data",
      },
    ];
    if (!Object.hasOwn(fields, name))
      return refuse(`the data have no field ${JSON.stringify(name)}`, suggest(name, Object.keys(fields)));
    if (partial.includes(name))
      return refuse(
        `the ${nameOf(part)} needs "${name}" for every example, but the data lack it for some`,
        "Leave the examples without it out of the data.",
      );
    return [];
  });
