/** Presets in one line: what is written. */
import { describe, expect, test } from "vitest";
import { composition } from "../../src/cli/preset-composition.js";

const of = (spec: object): string => composition(spec as Readonly<Record<string, unknown>>);

describe("a composition", () => {
  test("names the parts in the order of a step, then the loss and the training", () => {
    const spec = {
      model: { latent: 20, encoder: { type: "mlp", hidden: [500, 200] }, decoder: "mlp", likelihood: "bernoulli" },
      objective: { type: "elbo", beta: 4 },
      regularizers: [{ type: "mmd", weight: 9 }],
      training: { batchSize: 100, optimizer: { type: "adam", learningRate: 0.0003 } },
    };
    expect(of(spec)).toBe(
      "mlp(hidden 500-200) → z[20]: diagonal-gaussian ‖ gaussian → mlp → bernoulli; elbo(beta 4) + mmd(weight 9); batches of 100, adam(learningRate 0.0003)",
    );
  });
  test("fills in the parts that are not written", () => {
    const model = {
      latent: 8,
      encoder: { type: "mlp", hidden: [] },
      heads: [{ type: "conditional", on: "label", prior: true }],
    };
    expect(of({ model })).toBe(
      "mlp(hidden none) → z[8]: diagonal-gaussian ‖ gaussian → mirrored → bernoulli; conditional(on label, prior); elbo",
    );
  });
  test("says the edges and the networks of several latents, and repeats nothing", () => {
    const model = {
      encoder: { type: "layers", layers: ["flatten", { type: "dense", units: 9 }, { type: "dense", units: 7 }] },
      latents: {
        y: { observed: "label" },
        z1: { shape: [4, 10], inferredFrom: ["x", "z2"], generatedFrom: ["z2"], encoder: "mlp", prior: "gaussian" },
        z2: { size: 3, posterior: { type: "flow", layers: ["planar", "planar"] } },
      },
    };
    expect(of({ model })).toBe(
      "layers(flatten, dense(units 9), dense(units 7)) → y[the label]: categorical ‖ categorical; z1[4 × 10 of x, z2]: mlp → diagonal-gaussian ‖ gaussian given z2; z2[3]: flow(planar × 2) ‖ gaussian → mirrored → bernoulli; elbo",
    );
  });
});
