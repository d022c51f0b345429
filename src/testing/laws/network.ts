/** What encoders and decoders owe to their contracts (src/contracts/encoder.ts, decoder.ts): shapes, row by row. */
import type { Engine } from "../../engine/engine.js";
import { evaluationCall } from "../../inference/call.js";
import type { Definition } from "../../spec/define.js";
import type { FieldSchema, Fields, Shape } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";
import { assertClose, assertFinite, assertShape, assertThat } from "../assertions.js";
import { buildComponent, resolveComponent } from "../component.js";
import { type Law, lawOf } from "../law.js";
import { allFields, CLASSES, nameOfField } from "../tiny-data.js";
import { noiseOf, normals, valuesOfField } from "../values.js";
import { BATCH } from "./latent.js";
import { type LawOptions, nameOf } from "./options.js";

const firstRows = (fields: Fields, rows: number): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, x]) => [name, tf.slice(x, 0, rows)]));

const assertRows = (run: (rows: number) => Fields, shapes: Readonly<Record<string, Shape>>): void => {
  const [whole, fewer] = [run(BATCH), run(2)];
  const [found, expected] = [whole, shapes].map((each) => Object.keys(each).sort().join(", "));
  assertThat(found === expected, `the outputs are ${found}, expected ${expected}`);
  for (const [name, shape] of Object.entries(shapes)) {
    assertShape(`"${name}"`, whole[name]!.shape, [BATCH, ...shape]);
    assertFinite(`"${name}"`, whole[name]!.dataSync());
    assertClose(`"${name}" of two examples by themselves`, fewer[name]!, tf.slice(whole[name]!, 0, 2));
  }
};

const LABEL: FieldSchema = { kind: "label", shape: [], support: "categorical", classes: CLASSES };

/** Feature maps of the shapes that it announces, for every field that it takes, beside a label. */
export const encoderLaws = (engine: Engine, definition: Definition<"encoder">, options: LawOptions = {}): Law[] => {
  const { fields } = resolveComponent(definition, options);
  return allFields()
    .filter((field) => definition.refuses?.(fields, field) === undefined)
    .map((field) => {
      const title = `${nameOfField(field)} becomes the feature maps that it announces, row by row`;
      return lawOf(nameOf(definition, options), title, async () => {
        const { made, bound } = await buildComponent(definition, { inputs: { x: field, label: LABEL } }, options);
        tf.tidy(() => {
          const inputs = { x: valuesOfField(field, [BATCH]), label: valuesOfField(LABEL, [BATCH]) };
          const encode = (rows: number): Fields =>
            bound(() => made.encode(firstRows(inputs, rows), evaluationCall(noiseOf(engine))));
          assertRows(encode, made.features);
        });
      });
    });
};

const OUTPUT: Shape = [5, 4, 2];
const FIELD: FieldSchema = { kind: "image", shape: [5, 4, 1], support: "real" };
const LATENTS: readonly Readonly<Record<string, Shape>>[] = [
  { z: [3] },
  { z: [2, 2] },
  { y: [3], z: [2], top: [1, 2] },
];

/** Latents of any rank, one or several, become the parameters of the likelihood. */
export const decoderLaws = (engine: Engine, definition: Definition<"decoder">, options: LawOptions = {}): Law[] =>
  LATENTS.map((latents) => {
    const title = `latents ${JSON.stringify(latents)} become the likelihood's parameters, row by row`;
    return lawOf(nameOf(definition, options), title, async () => {
      const { made, bound } = await buildComponent(definition, { latents, output: OUTPUT, field: FIELD }, options);
      tf.tidy(() => {
        const values = Object.fromEntries(
          Object.entries(latents).map(([name, shape]) => [name, normals([BATCH, ...shape], name)]),
        );
        const decode = (rows: number): Fields => ({
          parameters: bound(() => made.decode(firstRows(values, rows), evaluationCall(noiseOf(engine)))),
        });
        assertRows(decode, { parameters: OUTPUT });
      });
    });
  });
