/** What each part of a model is given and gives back: the shapes that src/contracts state, for latents and fields of any rank. */

import { beforeAll, describe, expect, test } from "vitest";
import type { Distribution } from "../../src/contracts/distribution.js";
import type { CallContext } from "../../src/contracts/index.js";
import type { Kind } from "../../src/contracts/kinds.js";
import { DiagonalGaussian } from "../../src/distributions/index.js";
import type { Engine } from "../../src/engine/engine.js";
import { capabilitiesOf } from "../../src/registry/checking/capabilities.js";
import { type FieldSchema, type Fields, type Shape, SUPPORTS } from "../../src/tensor/fields.js";
import { sumEvent } from "../../src/tensor/mathematics.js";
import { type Tensor, tf } from "../../src/tensor/tensor.js";
import { calling } from "../support/calls.js";
import { useEngine } from "../support/engine.js";
import { expectClose, noiseOf, valuesOf } from "../support/tensors.js";
import { type Case, casesOfKind } from "./support/cases.js";
import { loadCase, type SetUp, setUp } from "./support/experiment.js";
import { buildPart, normals, valuesOfField } from "./support/parts.js";
import { fieldOf, TABLE } from "./support/tiny-data.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});
const evaluating = (): CallContext => calling(noiseOf(engine));
const N = 5;
const LATENTS: readonly Shape[] = [[3], [2, 2]];
const label: FieldSchema = { kind: "label", shape: [], support: "categorical", classes: 3 };
const supportsOf = (each: Case): FieldSchema[] =>
  [...SUPPORTS.flatMap((support) => [fieldOf("vector", support), fieldOf("image", support)]), TABLE].filter(
    (field) => each.definition.refuses?.(each.fields, field) === undefined,
  );

const forEach = (kind: Kind, body: (each: Case, made: () => SetUp) => void): void => {
  for (const each of casesOfKind(kind))
    describe(each.name, () => {
      let made: SetUp;
      beforeAll(async () => {
        made = await setUp(await loadCase(each));
      });
      body(each, () => made);
    });
};

const nested = (tensor: ReturnType<typeof tf.zeros>) => tensor.arraySync() as never;

/** What any distribution owes: [...sample, ...batch, ...event], whose log-probabilities leave the event out. */
const expectDistribution = (p: Distribution, batchShape: Shape, eventShape: Shape, isEvaluable = true): void => {
  expect([p.batchShape, p.eventShape]).toEqual([batchShape, eventShape]);
  for (const sampleShape of [[], [2], [2, 3]]) {
    const shape = [...sampleShape, ...batchShape];
    expect(p.sample(noiseOf(engine), "z", sampleShape).shape).toEqual([...shape, ...eventShape]);
    const drawn = p.sampleAndLogProb(noiseOf(engine), "z", sampleShape);
    expect(drawn.value.shape).toEqual([...shape, ...eventShape]);
    if (p.singular) continue;
    if (!isEvaluable) {
      expect(drawn.logProb.shape).toEqual(shape);
      expect(() => p.logProb(drawn.value)).toThrow(/no inverse|only draws/);
      continue;
    }
    const logProb = p.logProb(drawn.value);
    expect(logProb.shape).toEqual(shape);
    expect(valuesOf(logProb).every(Number.isFinite)).toBe(true);
    expectClose(drawn.logProb, nested(logProb), 1e-4);
    if (!p.logProbElements) continue;
    const elements = p.logProbElements(drawn.value);
    expect(elements.shape).toEqual([...shape, ...eventShape]);
    expectClose(sumEvent(elements, eventShape.length), nested(logProb), 1e-4);
  }
  if (p.mean) expect(p.mean().shape).toEqual([...batchShape, ...eventShape]);
  if (p.enumerate) expect(p.enumerate().shape.slice(1)).toEqual([...batchShape, ...eventShape]);
};

forEach("encoder", (each, made) => {
  for (const field of supportsOf(each))
    test(`a ${field.kind} of ${field.support} values becomes the feature maps that it announces, row by row`, async () => {
      const inputs = { x: field, label };
      const part = await buildPart(made(), "encoder", each.fields, (store) => ({
        inputs,
        parameters: store.scope("e"),
      }));
      const fields = { x: valuesOfField(field, [N]), label: valuesOfField(label, [N]) };
      const encode = (rows: number) => {
        const some = Object.fromEntries(Object.entries(fields).map(([name, x]) => [name, tf.slice(x, 0, rows)]));
        return part.store.bind(part.bindings(), () => part.made.encode(some, evaluating()));
      };
      const [maps, fewer] = [encode(N), encode(2)];
      const { features } = part.made;
      expect(Object.keys(maps).sort()).toEqual(Object.keys(features).sort());
      for (const [name, shape] of Object.entries(features)) {
        expect(maps[name]!.shape).toEqual([N, ...shape]);
        expect(valuesOf(maps[name]!).every(Number.isFinite)).toBe(true);
        expectClose(fewer[name]!, nested(tf.slice(maps[name]!, 0, 2)));
      }
    });
});

forEach("decoder", (each, made) => {
  for (const latents of [{ z: [3] }, { z: [2, 2] }, { y: [3], z: [2], top: [1, 2] }] as Record<string, Shape>[])
    test(`latents ${JSON.stringify(latents)} become the likelihood's parameters, row by row`, async () => {
      const output = [5, 4, 2];
      const field: FieldSchema = { kind: "image", shape: [5, 4, 1], support: "real" };
      const fields = { ...made().spec.model.decoder, ...each.fields };
      const part = await buildPart(made(), "decoder", fields, (store) => ({
        latents,
        output,
        field,
        parameters: store.scope("d"),
      }));
      const values: Fields = Object.fromEntries(
        Object.entries(latents).map(([name, shape]) => [name, normals([N, ...shape], name)]),
      );
      const decode = (rows: number) => {
        const some = Object.fromEntries(Object.entries(values).map(([name, x]) => [name, tf.slice(x, 0, rows)]));
        return part.store.bind(part.bindings(), () => part.made.decode(some, evaluating()));
      };
      const decoded = decode(N);
      expect(decoded.shape).toEqual([N, ...output]);
      expect(valuesOf(decoded).every(Number.isFinite)).toBe(true);
      expectClose(decode(2), nested(tf.slice(decoded, 0, 2)));
    });
});

forEach("posterior", (each, made) => {
  for (const latent of LATENTS)
    test(`features become a distribution over [${latent}] for each row`, async () => {
      const { features } = await encoderOf(made());
      const part = await buildPart(made(), "posterior", each.fields, (store) => ({
        features,
        latent,
        parameters: store.scope("q"),
      }));
      const maps = Object.fromEntries(Object.entries(features).map(([name, shape]) => [name, normals([N, ...shape])]));
      // What it returns is used when its parameters are bound no more.
      const context = {
        parents: {},
        call: { ...calling(), noise: noiseOf(engine) },
        logJoint: (z: Tensor) => sumEvent(tf.neg(tf.square(z)), latent.length),
      };
      const q = part.store.bind(part.bindings(), () => part.made.at(maps, context));
      const capabilities = capabilitiesOf(each);
      expectDistribution(q, [N], latent, !capabilities.includes("density") || capabilities.includes("evaluable"));
    });
});

forEach("prior", (each, made) => {
  for (const latent of LATENTS)
    test(`is a distribution over [${latent}] that broadcasts against draws by example`, async () => {
      const { dataset } = made();
      const field = dataset.fields[dataset.modeled]!;
      const part = await buildPart(made(), "prior", each.fields, (store) => ({
        latent,
        inputs: { x: field },
        parameters: store.scope("p"),
        labels: () => ({ counts: Array(latent.at(-1)!).fill(4) as number[], size: 12 }),
        examples: (count) => dataset.split("train", "evaluation").read(Array.from({ length: count }, (_, i) => i)),
      }));
      const encode = ({ x }: Fields): DiagonalGaussian => {
        expect(x!.shape.slice(1)).toEqual(field.shape);
        return new DiagonalGaussian(normals([x!.shape[0]!, ...latent]), tf.zeros([...latent]), latent.length);
      };
      const p = part.store.bind(part.bindings(), () => part.made.at({ parents: {}, encode, call: calling() }));
      expectDistribution(p, [], latent);
      expect(p.logProb(normals([2, N, ...latent])).shape).toEqual([2, N]);
    });
});

forEach("likelihood", (each, made) => {
  test("takes some data", () => expect(supportsOf(each)).not.toEqual([]));
  for (const field of supportsOf(each))
    test(`parameters [S, B, ...] become a distribution of a ${field.kind} of ${field.support} values`, async () => {
      const part = await buildPart(made(), "likelihood", each.fields, (store) => ({
        field,
        parameters: store.scope("x"),
      }));
      const { outputs } = part.made;
      const at = (leading: Shape) =>
        part.store.bind(part.bindings(), () => part.made.at(normals([...leading, ...outputs]), calling()));
      expectDistribution(at([2, N]), [2, N], field.shape);
      expectDistribution(at([]), [], field.shape);
      expect(at([2, N]).logProb(valuesOfField(field, [N])).shape).toEqual([2, N]);
    });
});

const encoderOf = async (made: SetUp) => {
  const { dataset, spec } = made;
  const inputs = { x: dataset.fields[dataset.modeled]! };
  const part = await buildPart(made, "encoder", spec.model.encoder, (store) => ({
    inputs,
    parameters: store.scope("e"),
  }));
  return part.made;
};
