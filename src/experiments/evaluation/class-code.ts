/** Classes asked for by name. */
import { VaelabError } from "../../errors.js";
import { nearest } from "../../registry/reading/nearest.js";
import { classNames, type FieldSchema } from "../../tensor/fields.js";

/** Classes that an error lists. */
const LISTED = 50;

/**
 * The code of a class by its name; a number may be written in another way, as 3.0 for the class 3.
 * @param name of the field. @param where for the error. @throws USAGE with the classes there are
 */
export const classCode = (written: string, name: string, field: FieldSchema, where: string): number => {
  const names = classNames(field);
  const exact = names.indexOf(written);
  if (exact >= 0) return exact;
  const value = written.trim() === "" ? Number.NaN : Number(written);
  const equal = names.findIndex((each) => each.trim() !== "" && Number(each) === value);
  if (equal >= 0) return equal;
  const near = nearest(written, names);
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  throw new VaelabError("USAGE", {
    where,
    message: `"${name}" has no class ${JSON.stringify(written)}`,
    remedy: `${near === undefined ? "" : `Did you mean ${JSON.stringify(near)}? `}Classes: ${names.slice(0, LISTED).join(", ")}${more}`,
  });
};
