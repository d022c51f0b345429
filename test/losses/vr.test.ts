import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { iwae } from "../../src/losses/iwae.js";
import { vr } from "../../src/losses/vr.js";
import { mean } from "../../src/numerics/statistics.js";
import { loadWritten } from "../../src/testing/experiment.js";
import { useEngine } from "../support/engine.js";
import { drawsOf, exact, FEW, logMarginalOf, MANY, objectiveOf, ROUGH } from "../support/scaled-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

const lossOf = (fields: object, options = FEW): number[] =>
  drawsOf(engine, objectiveOf(vr, fields), ROUGH, options).loss;

test("is the ELBO at alpha 1 and iwae at alpha 0, draw by draw", () => {
  const weighted = drawsOf(engine, objectiveOf(iwae, { samples: 4 }), ROUGH, FEW);
  expect(lossOf({ alpha: 0, samples: 4 })).toEqual(weighted.loss);
  const elbo = weighted.terms.map(({ distortion, rate }) => distortion! + rate!);
  for (const [i, loss] of lossOf({ alpha: 1, samples: 4 }).entries()) expect(loss).toBeCloseTo(elbo[i]!, 5);
});

test("of many draws is the bound in closed form", () => {
  // 1 / (1 - a) ln int p(x, z)^(1 - a) q(z)^a dz, an integral of exp(-(A z^2 - 2 B z + C) / 2) = sqrt(2 pi / A) exp((B^2 / A - C) / 2).
  const [alpha, x] = [0.5, 1.5];
  const { loading, slope, logVariance } = ROUGH;
  const [m, v] = [slope * x, Math.exp(logVariance)];
  const A = (1 - alpha) * (1 + loading ** 2) + alpha / v;
  const B = (1 - alpha) * loading * x + (alpha * m) / v;
  const C = (1 - alpha) * x ** 2 + (alpha * m ** 2) / v;
  const scales = -(1 - alpha) * Math.log(2 * Math.PI) - (alpha / 2) * Math.log(2 * Math.PI * v);
  const bound = (scales + Math.log((2 * Math.PI) / A) / 2 + (B ** 2 / A - C) / 2) / (1 - alpha);
  // The estimate of 2000 draws is biased by less than 0.001.
  expect(Math.abs(mean(lossOf({ alpha, samples: 2000 }, { batch: 50, repeats: 4 })) + bound)).toBeLessThan(0.01);
});

test("rises as alpha falls, up to the largest weight", () => {
  const losses = [2, 1.5, 0.5, 0, -2].map((alpha) => mean(lossOf({ alpha, samples: 5 }, MANY)));
  losses.push(mean(lossOf({ form: "max", samples: 5 }, MANY)));
  expect([...losses].sort((a, b) => b - a)).toEqual(losses);
  for (const loss of drawsOf(engine, objectiveOf(vr, { form: "max" }), exact(1.2), FEW).loss)
    expect(loss).toBeCloseTo(-logMarginalOf(1.5, exact(1.2)), 5);
});

test.each([
  [{ form: "max", alpha: 0.5 }, "takes none"],
  [{ alpha: 0.999 }, "so near to 1"],
])("refuses %j", async (fields, reason) => {
  await expect(loadWritten({ objective: { type: "vr", ...fields } })).rejects.toThrow(reason);
});
test("refuses the largest weight of a latent that is summed over", async () => {
  const y = { shape: [3], posterior: "categorical", prior: "categorical", enumerate: true };
  const objective = { type: "vr", form: "max" };
  await expect(loadWritten({ model: { latents: { y } }, objective })).rejects.toThrow(
    "The largest weight is one of draws",
  );
});
