/** What a likelihood owes to its contract (src/contracts/likelihood.ts), for every kind of field that it takes. */
import type { Distribution } from "../../contracts/distribution.js";
import type { Engine } from "../../engine/engine.js";
import { evaluationCall } from "../../inference/call.js";
import type { Definition } from "../../spec/define.js";
import { type FieldSchema, type Shape, SUPPORTS } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";
import { assertNear, assertShape, assertThat } from "../assertions.js";
import { buildComponent, resolveComponent } from "../component.js";
import { assertMoments } from "../density.js";
import { assertDrawsFit, assertMean, drawRows } from "../draws.js";
import { integrateElements, type Range, sumSupport } from "../integrate.js";
import { type Law, lawOf } from "../law.js";
import { assertShapes } from "../shapes.js";
import { allFields, CLASSES, nameOfField, TABLE } from "../tiny-data.js";
import { noiseOf, normals, valuesOfField } from "../values.js";
import { BATCH } from "./latent.js";
import { type LawOptions, nameOf } from "./options.js";

/** What all draws of a density lie in. */
const rangeOf = (rows: readonly (readonly number[])[]): Range => {
  const some = (holds: (value: number) => boolean): boolean => rows.some((row) => row.some(holds));
  if (some((value) => value < 0)) return "real";
  return some((value) => value > 1) ? "positive" : "unit";
};

/** Elements are independent, or one vector is one-hot. */
const assertElements = (engine: Engine, p: Distribution, { support, shape }: FieldSchema): void => {
  const rows = drawRows(engine, p);
  // If all draws are whole numbers, probabilities of the support's values; otherwise a density.
  const isDiscrete = p.discrete === true || rows.every((row) => row.every(Number.isInteger));
  const moments = isDiscrete ? sumSupport(p, support) : integrateElements(p, rangeOf(rows));
  assertNear("the total mass", [moments.mass], [1], 1e-4);
  assertMoments(p, rows, moments);
  if (shape[0] === 1) assertDrawsFit(engine, p, rows);
};
/** Without a density, the law checks only that draws have the stated mean. */
const assertMeans = (engine: Engine, p: Distribution): void => {
  const rows = drawRows(engine, p);
  p.mean?.()
    .dataSync()
    .forEach((mean, j) => {
      assertMean(
        `element ${j}`,
        rows.map((row) => row[j]!),
        mean,
      );
    });
};

/** It takes some data; shapes for images and vectors of each support that it takes; the mass and draws of one and two elements. */
export const likelihoodLaws = (
  engine: Engine,
  definition: Definition<"likelihood">,
  options: LawOptions = {},
): Law[] => {
  const { fields, capabilities } = resolveComponent(definition, options);
  const name = nameOf(definition, options);
  const takes = (field: FieldSchema): boolean => definition.refuses?.(fields, field) === undefined;
  const builtOn = async (field: FieldSchema) => {
    const { made, bound } = await buildComponent(definition, { field }, options);
    return (leading: Shape): Distribution =>
      bound(() => made.at(normals([...leading, ...made.outputs]), evaluationCall(noiseOf(engine))));
  };
  const law = (title: string, field: FieldSchema, assert: (at: (leading: Shape) => Distribution) => void): Law =>
    lawOf(name, title, async () => {
      const at = await builtOn(field);
      tf.tidy(() => assert(at));
    });
  const whole = allFields().filter(takes);
  const small = SUPPORTS.flatMap((support) =>
    [1, 2].map((size): FieldSchema => ({ kind: "vector", shape: [size], support, classes: CLASSES })),
  ).filter((field) => takes({ ...field, shape: [2] }));
  return [
    lawOf(name, "takes some data", () =>
      assertThat(whole.length > 0, "`refuses` gives a reason for fields of every support, expected one that it takes"),
    ),
    ...whole.map((field) =>
      law(`parameters [S, B, ...] become a distribution of ${nameOfField(field)}`, field, (at) => {
        assertShapes(engine, at([2, BATCH]), [2, BATCH], field.shape);
        assertShapes(engine, at([]), [], field.shape);
        const logProb = at([2, BATCH]).logProb(valuesOfField(field, [BATCH]));
        assertShape("logProb of data [5, ...field]", logProb.shape, [2, BATCH]);
      }),
    ),
    ...(takes(TABLE) ? [law("draws of a table have its mean", TABLE, (at) => assertMeans(engine, at([])))] : []),
    ...small.map((field) =>
      law(`${field.shape[0]} of ${field.support} values: the mass is 1, and draws are what it says`, field, (at) =>
        capabilities.includes("density") ? assertElements(engine, at([]), field) : assertMeans(engine, at([])),
      ),
    ),
  ];
};
