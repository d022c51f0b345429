/**
 * Lists of layers, each checked against the shape that it is given: a network says by `inputShape` what its first layer is given,
 * and a layer by `shape` what becomes of that. The first that does not fit ends the list.
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

/** Carries a finding out of the list that it is in. */
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
    // What stands in a slot has passed its schema.
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

export const chainFindings = (parts: readonly Part[], shapes: ModelShapes, catalogue: Catalogue): Finding[] =>
  parts.flatMap(({ definition, fields, pointer }) => {
    const inputShape = definition.inputShape?.(fields, shapes);
    if (!inputShape || !isObject(fields) || !Array.isArray(fields.layers)) return [];
    try {
      along(fields.layers, inputShape, childPointer(pointer, "layers"), catalogue);
      return [];
    } catch (error) {
      if (error instanceof Misfit) return [error.finding];
      throw error;
    }
  });
