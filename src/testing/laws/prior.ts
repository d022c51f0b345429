/** What a prior owes to its contract (src/contracts/prior.ts). */
import type { Dataset } from "../../contracts/dataset.js";
import type { Distribution } from "../../contracts/distribution.js";
import type { Contexts } from "../../contracts/kinds.js";
import type { PriorCall } from "../../contracts/prior.js";
import { DiagonalGaussian } from "../../distributions/diagonal-gaussian.js";
import type { Engine } from "../../engine/engine.js";
import { rowsFrom } from "../../experiments/training/batches.js";
import { evaluationCall } from "../../inference/call.js";
import type { Definition } from "../../spec/define.js";
import { supportsOf } from "../../spec/latents.js";
import { type Fields, type Shape, showShape, sizeOf } from "../../tensor/fields.js";
import { tf } from "../../tensor/tensor.js";
import { assertShape } from "../assertions.js";
import { type BuiltComponent, buildComponent, resolveComponent } from "../component.js";
import { assertDensity } from "../density.js";
import { type Law, lawOf } from "../law.js";
import { assertShapes } from "../shapes.js";
import { fieldOf, tiny } from "../tiny-data.js";
import { noiseOf, normals } from "../values.js";
import { BATCH, LATENTS, sizesOf } from "./latent.js";
import { type LawOptions, nameOf } from "./options.js";

type Built = BuiltComponent<"prior">;
const DATA = { kind: "image", support: "binary" } as const;
const FIELD = fieldOf(DATA.kind, DATA.support);
interface Placed {
  latent: Shape;
  /** One example's shape of what it is conditioned on. */
  parents?: Readonly<Record<string, Shape>>;
}
const PARENT: Shape = [3];

/** Counts of a label with a class for each entry of the last axis. */
const labelsOf = (latent: Shape) => {
  const counts = Array.from({ length: latent.at(-1)! }, (_, k) => 3 * k + 1);
  return { counts, size: counts.reduce((sum, count) => sum + count, 0) };
};
const contextOf = (latent: Shape, dataset: Dataset): Omit<Contexts["prior"], "parameters"> => ({
  latent,
  inputs: { x: FIELD },
  labels: () => labelsOf(latent),
  examples: (count) => dataset.split("train", "evaluation").read(rowsFrom(0, count)),
  exampleRows: (count) => rowsFrom(0, count),
});

/** A posterior at pseudo-inputs, of the shape of the latent. */
const encoderOf =
  (latent: Shape) =>
  ({ x }: Fields): DiagonalGaussian => {
    assertShape("a pseudo-input", x!.shape.slice(1), FIELD.shape);
    const weights = normals([sizeOf(FIELD.shape), sizeOf(latent)], "encoder");
    const mean = tf.matMul(tf.reshape(x!, [-1, sizeOf(FIELD.shape)]), weights);
    return new DiagonalGaussian(tf.reshape(mean, [-1, ...latent]), tf.fill([...latent], -1), latent.length);
  };

/** Shapes for latents of any rank, also by parents and in training, and in few dimensions the mass and the draws. */
export const priorLaws = (engine: Engine, definition: Definition<"prior">, options: LawOptions = {}): Law[] => {
  const { fields, capabilities } = resolveComponent(definition, options);
  const [support] = supportsOf(definition, fields);
  const at = ({ made, bound }: Built, latent: Shape, call: Partial<PriorCall> = {}): Distribution =>
    bound(() => made.at({ parents: {}, encode: encoderOf(latent), call: evaluationCall(noiseOf(engine)), ...call }));
  const law = (title: string, { latent, parents = {} }: Placed, assert: (built: Built) => void): Law =>
    lawOf(nameOf(definition, options), title, async () => {
      const { made: dataset } = await buildComponent(tiny, { folder: "." }, { fields: DATA });
      const built = await buildComponent(definition, { ...contextOf(latent, dataset), parents }, options);
      tf.tidy(() => assert(built));
    });
  const shapeLaw = (latent: Shape): Law =>
    law(`is a distribution over ${showShape(latent)} that broadcasts against draws`, { latent }, (built) => {
      const p = at(built, latent);
      assertShapes(engine, p, [], latent);
      const values = normals([2, BATCH, ...latent]);
      assertShape("logProb of values [2, 5, ...latent]", p.logProb(values).shape, [2, BATCH]);
      const index = tf.range(0, BATCH, 1, "int32");
      const trained = at(built, latent, { index, call: { ...evaluationCall(noiseOf(engine)), training: true } });
      assertShape("logProb of values [2, 5, ...latent] in training", trained.logProb(values).shape, [2, BATCH]);
    });
  const parentsLaw = (latent: Shape): Law =>
    law(`over ${showShape(latent)}, it has the batch of its parents`, { latent, parents: { y: PARENT } }, (built) =>
      assertShapes(engine, at(built, latent, { parents: { y: normals([2, BATCH, ...PARENT]) } }), [2, BATCH], latent),
    );
  return [
    ...LATENTS.map(shapeLaw),
    ...(capabilities.includes("conditional") ? LATENTS.map(parentsLaw) : []),
    ...sizesOf(support!).map((size) =>
      law(`over [${size}], its mass is 1, and draws are what its density says`, { latent: [size] }, (built) =>
        assertDensity(engine, at(built, [size]), support!),
      ),
    ),
  ];
};
