/** What a posterior owes to its contract (src/contracts/posterior.ts), and whether the capabilities that it declares are true. */
import type { Distribution } from "../../contracts/distribution.js";
import type { Engine } from "../../engine/engine.js";
import { evaluationCall } from "../../inference/call.js";
import type { Definition } from "../../spec/define.js";
import { supportsOf } from "../../spec/latents.js";
import { type Shape, showShape } from "../../tensor/fields.js";
import { sumEvent } from "../../tensor/mathematics.js";
import { type Tensor, tf } from "../../tensor/tensor.js";
import { assertClose, assertThat } from "../assertions.js";
import { type BuiltComponent, buildComponent, resolveComponent } from "../component.js";
import { assertDensity } from "../density.js";
import { type Law, lawOf } from "../law.js";
import { assertShapes } from "../shapes.js";
import { noiseOf, normals } from "../values.js";
import { BATCH, LATENTS, sizesOf } from "./latent.js";
import { type LawOptions, nameOf } from "./options.js";

/** What an encoder would see: examples of two numbers. */
const DATA = {
  inputs: { x: { kind: "vector", support: "real", shape: [2] } },
  examples: (count: number) => ({ x: new Float32Array(2 * count) }),
} as const;

type Built = BuiltComponent<"posterior">;
type Maps = Readonly<Record<string, Tensor>>;

/** Shapes for latents of any rank, rows by themselves, capabilities, and in few dimensions the mass and the draws. */
export const posteriorLaws = (
  engine: Engine,
  definition: Definition<"posterior">,
  options: LawOptions & { features?: Readonly<Record<string, Shape>> } = {},
): Law[] => {
  const { features = { features: [4] } } = options;
  const { fields, capabilities } = resolveComponent(definition, options);
  const support = supportsOf(definition, fields)[0]!;
  const takes = (latent: Shape): boolean => definition.refusesShape?.(fields, latent) === undefined;
  const has = (capability: string): boolean => capabilities.includes(capability);
  // What has no density, or one of its own draws alone, has no integral.
  const isEvaluable = has("density") && has("evaluable");

  const mapsOf = (rows: number, scale = 1): Maps =>
    Object.fromEntries(Object.entries(features).map(([name, shape]) => [name, normals([rows, ...shape], name, scale)]));
  const at = ({ made, bound }: Built, latent: Shape, maps: Maps, training = false): Distribution =>
    bound(() =>
      made.at(maps, {
        parents: {},
        call: { ...evaluationCall(noiseOf(engine)), training },
        encode: ({ x }) => mapsOf(x!.shape[0]!),
        logJoint: (z) => sumEvent(tf.neg(tf.square(z)), latent.length),
      }),
    );
  const law = (title: string, latent: Shape, assert: (built: Built, latent: Shape) => void): Law =>
    lawOf(nameOf(definition, options), title, async () => {
      const built = await buildComponent(definition, { features, latent, ...DATA }, options);
      tf.tidy(() => assert(built, latent));
    });

  const assertRows = (built: Built, latent: Shape): void => {
    const maps = mapsOf(BATCH);
    const value = at(built, latent, maps).sample(noiseOf(engine), "z", []);
    const first = (x: Tensor): Tensor => tf.slice(x, 0, 2);
    const some = Object.fromEntries(Object.entries(maps).map(([name, map]) => [name, first(map)]));
    const [whole, alone] = [at(built, latent, maps).logProb(value), at(built, latent, some).logProb(first(value))];
    assertClose("logProb of two examples by themselves", alone, first(whole), 1e-4);
  };
  const assertCapabilities = (built: Built, latent: Shape): void => {
    const q = at(built, latent, mapsOf(BATCH));
    const needs = (capability: string, holds: boolean, what: string): void =>
      assertThat(!has(capability) || holds, `"${capability}" is declared, and its distribution ${what}`);
    needs("density", !q.singular, "is singular");
    needs("mean", q.mean !== undefined, "has no mean");
    needs("factorized", q.logProbElements !== undefined, "has no logProbElements");
    needs("enumerable", q.enumerate !== undefined, "has no enumerate");
    const family = definition.family?.(fields);
    // Relaxed draws of training may be of another family than the values that they stand for.
    const found = [q, at(built, latent, mapsOf(BATCH), true)].map((each) => each.family);
    assertThat(
      family === undefined || found.includes(family),
      `the family of its distribution is ${found[0]}, expected ${family}, as declared`,
    );
    if (!has("reparameterized")) return;
    const [name, map] = Object.entries(mapsOf(BATCH))[0]!;
    const gradient = tf.grad((x: Tensor) =>
      tf.sum(tf.sin(at(built, latent, { ...mapsOf(BATCH), [name]: x }).sample(noiseOf(engine), "z", [2]))),
    )(map);
    const largest = tf.max(tf.abs(gradient)).dataSync()[0]!;
    assertThat(
      Number.isFinite(largest) && largest > 0,
      `"reparameterized" is declared, and the gradient of a draw in the features is ${largest}`,
    );
  };

  return [
    ...LATENTS.filter(takes).map((latent) =>
      law(`features become a distribution over ${showShape(latent)} for each row`, latent, (built) =>
        assertShapes(engine, at(built, latent, mapsOf(BATCH)), [BATCH], latent, !has("density") || isEvaluable),
      ),
    ),
    law("its distribution does what the capabilities declare", LATENTS[0]!, assertCapabilities),
    ...(isEvaluable && !has("joint") ? [law("each row has the density that it has alone", [3], assertRows)] : []),
    ...(isEvaluable ? sizesOf(support) : []).map((size) =>
      law(`over [${size}], its mass is 1, and draws are what its density says`, [size], (built, latent) =>
        assertDensity(engine, at(built, latent, mapsOf(1, 0.5)), support),
      ),
    ),
  ];
};
