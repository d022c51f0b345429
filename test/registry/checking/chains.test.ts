/** Lists of layers, refused at the layer that does not fit, before anything is built. */
import { describe, expect, test } from "vitest";
import { builtins } from "../../../src/builtins.js";
import { unfit } from "../../../src/nn/index.js";
import { createCatalogue } from "../../../src/registry/components/catalogue.js";
import { loadExperimentValue } from "../../../src/registry/experiment.js";
import { defineLayer } from "../../../src/spec/define.js";

const half = defineLayer({
  schema: {
    type: "object",
    required: ["type"],
    additionalProperties: false,
    properties: { type: { const: "half" } },
  },
  shape: (_, [units = 0]) => (units % 2 === 0 ? [units / 2] : unfit("needs an even number")),
  create: () => (x) => x,
});
const catalogue = createCatalogue([...builtins, half]);
const load = (layers: unknown[], side: "encoder" | "decoder" = "encoder") =>
  loadExperimentValue(
    {
      name: "chain",
      data: "digits",
      model: { latent: 6, encoder: "mlp", [side]: { type: "layers", layers } },
    },
    { catalogue },
  );
const problemOf = async (layers: unknown[], side?: "encoder" | "decoder"): Promise<string> => {
  try {
    await load(layers, side);
  } catch (error) {
    const { code, problems } = error as {
      code: string;
      problems: { where: string; message: string; remedy?: string }[];
    };
    expect(code).toBe("SPEC_COMBINATION");
    expect(problems.length).toBe(1);
    const [{ where, message, remedy }] = problems as [(typeof problems)[0]];
    return [where.replace("(given spec)  ", ""), message, ...(remedy ? [remedy] : [])].join(" | ");
  }
  throw new Error("it is not refused");
};
const conv = { type: "conv2d", filters: 4 };

describe("a list of layers is refused", () => {
  test.each([
    [
      ["flatten", conv],
      '/model/encoder/layers/1 | the layer "conv2d" is given [784], and it needs maps [height, width, channels] | Put a reshape to three numbers before it.',
    ],
    [
      [conv, { type: "dense", units: 3 }],
      '/model/encoder/layers/1 | the layer "dense" is given [28, 28, 4], and it needs [units] | Put a flatten before it.',
    ],
    [
      [{ type: "reshape", shape: [7, 7, 8] }],
      '/model/encoder/layers/0 | the layer "reshape" is given [28, 28, 1], and it cannot become [7, 7, 8], which has 392 values, not 784',
    ],
    [
      [conv, { type: "group-norm", groups: 3 }],
      '/model/encoder/layers/1 | the layer "group-norm" is given [28, 28, 4], and it cannot split 4 channels into 3 equal groups',
    ],
    [
      [
        { type: "max-pool", kernel: 20 },
        { type: "max-pool", kernel: 9 },
      ],
      '/model/encoder/layers/1 | the layer "max-pool" is given [1, 1, 1], and it has a window of 9 x 9, which is larger',
    ],
    [
      [{ ...conv, padding: "valid", kernel: 29 }],
      '/model/encoder/layers/0 | the layer "conv2d" is given [28, 28, 1], and it has a window of 29 x 29, which is larger',
    ],
    [
      [conv, { type: "residual", layers: [{ ...conv, stride: 2 }, "flatten", conv] }],
      '/model/encoder/layers/1/layers/2 | the layer "conv2d" is given [784], and it needs maps [height, width, channels] | Put a reshape to three numbers before it.',
    ],
    [
      [conv, { type: "residual", layers: ["flatten"] }],
      '/model/encoder/layers/1 | the layer "residual" is given [28, 28, 4], and it adds its input to [3136], but no projection connects the two shapes | A projection maps units to units, or feature maps or sequences to those whose size a stride gives.',
    ],
    [
      [{ type: "conv2d-transpose", filters: 2, size: [28, 57] }],
      '/model/encoder/layers/0 | the layer "conv2d-transpose" is given [28, 28, 1], and it cannot output [28, 57]: a stride of 2 maps that size to [14, 29], not to [28, 28]',
    ],
    [
      ["flatten", "half", "half", "half", "half", "half"],
      '/model/encoder/layers/5 | the layer "half" is given [49], and it needs an even number',
    ],
  ])("%j", async (layers, problem) => expect(await problemOf(layers)).toBe(problem));

  test("in a decoder from the latent on", async () => {
    const problem = await problemOf(["half", "half"], "decoder");
    expect(problem).toBe('/model/decoder/layers/1 | the layer "half" is given [3], and it needs an even number');
  });

  test("where a layer is unknown or misspelled, with the nearest name", async () => {
    await expect(load(["flaten"])).rejects.toThrow(
      '/model/encoder/layers/0/type  unknown layer "flaten". Did you mean "flatten"?',
    );
    await expect(load([{ type: "dense", unit: 3 }])).rejects.toThrow(
      'unknown key "unit" of "dense". Did you mean "units"?',
    );
    await expect(load([])).rejects.toThrow("/model/encoder/layers  should have at least 1 item, not 0");
  });
});

test("what fits is resolved with every default, layers within layers too", async () => {
  const { spec } = await load([{ type: "residual", layers: [{ ...conv, filters: 1 }] }, "upsample", "flatten"]);
  const filled = { kernel: 3, stride: 1, padding: "same", activation: "identity", bias: true };
  expect(spec.model.encoder.layers).toEqual([
    { type: "residual", layers: [{ ...conv, filters: 1, ...filled }] },
    { type: "upsample", factor: 2 },
    { type: "flatten" },
  ]);
  // There is a decoder of that name, but it cannot be guessed.
  expect(spec.model.decoder.type).toBe("mlp");
});
