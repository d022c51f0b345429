import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { proposalLoss } from "../../src/inference/proposal-loss.js";
import { mean, standardError } from "../../src/numerics/statistics.js";
import { bitDraws, logP, logQ, meanOverDraws, overData, slopesOf, type Values } from "../support/binary-model.js";
import { useEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

test("the loss of a discrete latent and its gradient are those of enumeration", () => {
  const terms = { name: "refit", every: 1, variables: () => true };
  const found = bitDraws(engine, () => ({
    phases: [{ ...terms, terms: (step) => ({ loss: proposalLoss(step), terms: {} }) }],
  }));
  const exact = (values: Values): number =>
    -overData((x) => meanOverDraws(1, x, values, ([z]) => logP(z!, x, values) - logQ(z!, x, values)));
  for (const [name, slope] of Object.entries(slopesOf(exact))) {
    const gradients = found.gradients[name as keyof Values];
    expect([name, Math.abs(mean(gradients) - slope) < 4 * standardError(gradients) + 1e-6]).toEqual([name, true]);
    expect(standardError(gradients)).toBeLessThan(0.01);
  }
});
