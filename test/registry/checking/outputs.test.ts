/** The outputs of a spec: what is refused, where, and with which remedy. */
import { expect, test } from "vitest";
import { VaelabError } from "../../../src/errors.js";
import { loadWritten } from "../../../src/testing/experiment.js";

const refusal = async (model: object, data: object = { type: "tiny" }): Promise<string[]> => {
  try {
    await loadWritten({ data, model: { latent: 2, ...model } });
    return [];
  } catch (error) {
    if (!(error instanceof VaelabError)) throw error;
    return error.problems.map(({ where, message, remedy }) => `${where}: ${message}. ${remedy}`);
  }
};
const label = { likelihood: "categorical", decoder: "mlp" };
const two = { outputs: { x: {}, label } };
const few = { type: "few-labels", of: { type: "digits", train: 200 }, perClass: 2 };

test.each([
  ["the modeled field and a label", two],
  ["a classifier of another field", { outputs: { x: {} }, heads: ["classifier"] }],
  ["parts of the model as defaults", { decoder: { type: "mlp", hidden: [4] }, likelihood: "bernoulli", ...two }],
  [
    "decoders of different latents",
    {
      latent: undefined,
      latents: { a: { size: 2 }, b: { size: 2 } },
      outputs: { x: { generatedFrom: ["a"] }, label: { ...label, generatedFrom: ["b"] } },
    },
  ],
])("%s is valid", async (_, model) => expect(await refusal(model)).toEqual([]));

test.each([
  [
    "an unknown field",
    { outputs: { x: {}, lable: label } },
    '/model/outputs/lable: the data have no field "lable". Did you mean "label"?',
  ],
  [
    "outputs without the modeled field",
    { outputs: { label } },
    '/model/outputs: the outputs lack "x", the field that the data set is about. Add "x": {}.',
  ],
  [
    "a likelihood that does not fit",
    { outputs: { x: {}, label: { decoder: "mlp" } } },
    '/model/outputs/label: the likelihood "bernoulli" cannot take the field "label": ',
  ],
  [
    "a head on an output",
    { ...two, heads: ["classifier"] },
    '/model/outputs/label: the head "classifier" is about "label", and the model generates that field. A head needs another field',
  ],
  [
    "a latent that stands for an output",
    { latent: undefined, latents: { y: { observed: "label" }, z: { size: 2, inferredFrom: ["data", "y"] } }, ...two },
    '/model/outputs/label: the latent "y" stands for "label", and an output generates it',
  ],
  [
    "an unknown latent",
    { outputs: { x: { generatedFrom: ["w"] } } },
    '/model/outputs/x/generatedFrom/0: there is no latent "w"',
  ],
  [
    "a latent that no output sees",
    {
      latent: undefined,
      latents: { a: { size: 2 }, b: { size: 2 } },
      generatedFrom: ["a"],
      ...two,
    },
    '/model/latents/b: nothing is generated from the latent "b"',
  ],
  [
    "a network of a field that the encoder does not see",
    { encoder: { type: "by-field", encoders: { x: "mlp", label: "mlp" } }, outputs: { x: {} } },
    '/model/encoder: the encoder "by-field" has a network for "label", which the encoder does not see',
  ],
  [
    "a network that cannot take its field",
    { encoder: { type: "by-field", encoders: { x: "mlp", label: "conv" } }, decoder: "mlp", ...two },
    '/model/encoder/encoders/label: the encoder "conv" cannot take the field "label"',
  ],
  ["a weight of 0", { outputs: { x: { weight: 0 } } }, "/model/outputs/x/weight: should be above 0"],
  [
    "a part that it does not have",
    { outputs: { x: { prior: "gaussian" } } },
    '/model/outputs/x/prior: unknown key "prior"',
  ],
  [
    "a fault in a default",
    { decoder: { type: "mlp", hidden: [0] }, ...two },
    "/model/outputs/x/decoder/hidden/0: should be at least 1",
  ],
])("%s is refused", async (_, model, expected) => {
  expect((await refusal(model)).join("\n")).toContain(expected);
});

test("a label that the encoder sees is there for every example", async () => {
  const hidden = { image: {}, label: { ...label, encode: false } };
  expect(await refusal({ encoder: "mlp", outputs: hidden }, few)).toEqual([]);
  const [found] = await refusal({ encoder: "mlp", outputs: { image: {}, label } }, few);
  const byField = { type: "by-field", encoders: { image: "mlp", label: "mlp" } };
  const outputs = { image: {}, label };
  const model = { encoder: byField, decoder: "mlp", posterior: "product-of-experts", outputs };
  expect(await refusal(model, few)).toEqual([]);
  expect((await refusal({ ...model, posterior: "diagonal-gaussian" }, few)).join()).toContain("/model/outputs/label");
  expect(found).toContain(
    '/model/outputs/label: the encoder "mlp" sees "label", but the data lack it for some examples',
  );
});
