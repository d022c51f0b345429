/** Selects the most informative of ajv's errors if one follows from another: "propertyNames" stands for what its schema refuses. */
import type { ErrorObject } from "ajv";
import type { SchemaNode } from "../components/schema-nodes.js";

export const relevantErrors = (errors: readonly ErrorObject[]): ErrorObject[] =>
  stricter(pruned(errors.filter(({ propertyName }) => propertyName === undefined)));

/**
 * If a value breaks two lower bounds, "above 0" of a slot and "at least 0" of its component, only the stricter is reported.
 */
const stricter = (errors: readonly ErrorObject[]): ErrorObject[] =>
  errors.filter(
    ({ keyword, instancePath, params }) =>
      keyword !== "minimum" ||
      !errors.some(
        (other) =>
          other.keyword === "exclusiveMinimum" &&
          other.instancePath === instancePath &&
          other.params.limit >= params.limit,
      ),
  );

/** For a failed choice, the branch that matches the form of the value, if any; else only the choice. */
const pruned = (errors: readonly ErrorObject[]): ErrorObject[] => {
  const dropped = new Set<ErrorObject>();
  for (const choice of errors) {
    if (choice.keyword !== "anyOf" && choice.keyword !== "oneOf") continue;
    const branches = (choice.schema ?? []) as readonly SchemaNode[];
    const below = errors.filter(
      (error) =>
        error.schemaPath.startsWith(`${choice.schemaPath}/`) && error.instancePath.startsWith(choice.instancePath),
    );
    const branchOf = (error: ErrorObject): string =>
      error.schemaPath.slice(choice.schemaPath.length + 1).split("/")[0]!;
    const otherForm = new Set(
      below
        .filter(
          (error) => ["type", "const", "enum"].includes(error.keyword) && error.instancePath === choice.instancePath,
        )
        .map(branchOf),
    );
    const fitting = branches.map((_, index) => String(index)).filter((index) => !otherForm.has(index));
    if (fitting.length === 1 && below.some((error) => branchOf(error) === fitting[0])) {
      dropped.add(choice);
      for (const error of below) if (branchOf(error) !== fitting[0]) dropped.add(error);
    } else for (const error of below) dropped.add(error);
  }
  return errors.filter((error) => !dropped.has(error));
};
