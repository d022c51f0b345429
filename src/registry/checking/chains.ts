/**
 * Checks lists of layers by shape inference: `inputShape` of the network gives the input of the first layer, and `shape` of a
 * layer its output. The check stops at the first layer that does not fit.
 */
import type { LayerPlan } from "../../contracts/index.js";
import type { ModelShapes, ResolvedFields } from "../../contracts/kinds.js";
import { firstLine, VaelabError } from "../../errors.js";
import { isObject } from "../../storage/json.js";
import { type Shape, showShape } from "../../tensor/fields.js";
import type { Catalogue } from "../components/catalogue.js";
import { nameOf, type Part } from "../components/parts.js";
import { childPointer } from "../reading/json.js";
import type { Finding } from "./diagnostics.js";

/** Exits the list with a diagnostic. */
class Misfit extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
  }
}

const listOf = (fields: ResolvedFields, layers: unknown): string =>
  Object.entries(fields).find(([, value]) => value === layers)?.[0] ?? "layers";

/** @throws Misfit */
const along = (layers: readonly unknown[], input: Shape, pointer: string, catalogue: Catalogue): Shape =>
  layers.reduce<Shape>((shape, layer, index) => {
    const at = childPointer(pointer, index);
    // Values in slots have passed their schema.
    const fields = layer as ResolvedFields;
    const definition = catalogue.get("layer", fields.type);
    try {
      return (
        definition?.shape?.(fields as never, shape, (inner: readonly LayerPlan[], from: Shape) =>
          along(inner, from, childPointer(at, listOf(fields, inner)), catalogue),
        ) ?? shape
      );
    } catch (error) {
      if (error instanceof Misfit) throw error;
      const name = nameOf({ kind: "layer", fields });
      if (!(error instanceof VaelabError)) {
        const message = `shape of the ${name} throws: ${firstLine(error)}`;
        throw new VaelabError("CONTRACT", { where: at, message }, { cause: error });
      }
      const [{ message, remedy }] = error.problems as [(typeof error.problems)[number]];
      const finding: Finding = {
        code: "SPEC_COMBINATION",
        pointer: at,
        message: `the ${name} is given ${showShape(shape)}, and ${message}`,
        ...(remedy !== undefined && { remedy }),
      };
      throw new Misfit(finding);
    }
  }, input);

/** @param shapesOf what the network of a part can depend on; undefined if that is not known */
export const chainFindings = (
  parts: readonly Part[],
  shapesOf: (part: Part) => ModelShapes | undefined,
  catalogue: Catalogue,
): Finding[] =>
  parts.flatMap((part) => {
    const { definition, fields, pointer } = part;
    const shapes = definition.inputShape && shapesOf(part);
    const inputShape = shapes && definition.inputShape?.(fields, shapes);
    if (!inputShape || !isObject(fields) || !Array.isArray(fields.layers)) return [];
    try {
      along(fields.layers, inputShape, childPointer(pointer, "layers"), catalogue);
      return [];
    } catch (error) {
      if (error instanceof Misfit) return [error.finding];
      throw error;
    }
  });
