import { beforeAll, expect, test } from "vitest";
import type { Encoder, EncoderContext } from "../../../src/contracts/encoder.js";
import { byField } from "../../../src/models/encoders/index.js";
import { ParameterStore } from "../../../src/tensor/parameters.js";
import { tf } from "../../../src/tensor/tensor.js";
import { calling } from "../../support/calls.js";
import { useEngine } from "../../support/engine.js";
import { expectClose, tensorOf } from "../../support/tensors.js";

beforeAll(async () => {
  await useEngine();
});

const vector = { kind: "vector", shape: [1], support: "real" } as const;
const inputs = { a: vector, b: vector, c: vector };

/** Its features are the fields that it sees, side by side in the order of their names. */
const showing = async ({ inputs: seen = {} }: Partial<EncoderContext>): Promise<Encoder> => {
  const names = Object.keys(seen).sort();
  return {
    features: { features: [names.length] },
    encode: (fields) => ({
      features: tf.concat(
        names.map((name) => fields[name]!),
        1,
      ),
    }),
  };
};
const built = (encoders: object, fields: EncoderContext["inputs"] = inputs) =>
  byField.create({ type: "by-field", encoders } as never, { inputs: fields, parameters: new ParameterStore().scope() });

test("each network sees its field and those without a network, and names its map after the field", async () => {
  const encoder = await built({ a: showing, b: showing });
  expect(encoder.features).toEqual({ a: [2], b: [2], features: [4] });
  const fields = { a: tensorOf([[1], [2]]), b: tensorOf([[3], [4]]), c: tensorOf([[5], [6]]) };
  const maps = encoder.encode(fields, calling());
  expectClose(maps.a!, [
    [1, 5],
    [2, 6],
  ]);
  expectClose(maps.b!, [
    [3, 5],
    [4, 6],
  ]);
  expectClose(maps.features!, [
    [1, 5, 3, 5],
    [2, 6, 4, 6],
  ]);
});

test("a network of a field whose name the map of all fields has is refused", async () => {
  await expect(built({ features: showing }, { features: vector })).rejects.toThrow(
    'a field called "features" cannot have a network of its own',
  );
});

test("a network of a field that is not there, or without features, is refused", async () => {
  await expect(built({ d: showing })).rejects.toThrow('the encoder sees no field "d"; it sees "a", "b", "c"');
  const layers = async (): Promise<Encoder> => ({ features: { layers: [1] }, encode: () => ({}) });
  await expect(built({ a: layers })).rejects.toThrow('the encoder of the field "a" provides no "features" output');
});
