import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { ciwae } from "../../src/losses/ciwae.js";
import { iwae } from "../../src/losses/iwae.js";
import { mean, standardError } from "../../src/numerics/statistics.js";
import { useEngine } from "../support/engine.js";
import { drawsOf, exact, FEW, logMarginalOf, MANY, objectiveOf, ROUGH } from "../support/scaled-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("ciwae", () => {
  test("mixes the ELBO, with its exact KL, and iwae of the same draws", () => {
    const [elbo, half, bound] = [1, 0.5, 1e-7].map(
      (beta) => drawsOf(engine, objectiveOf(ciwae, { beta, samples: 6 }), ROUGH, FEW).loss,
    );
    const weighted = drawsOf(engine, objectiveOf(iwae, { samples: 6 }), ROUGH, FEW);
    for (const i of [0, 1, 2]) {
      expect(elbo![i]).toBeCloseTo(weighted.terms[i]!.distortion! + weighted.terms[i]!.rate!, 4);
      expect(half![i]).toBeCloseTo((elbo![i]! + weighted.loss[i]!) / 2, 4);
      expect(bound![i]).toBeCloseTo(weighted.loss[i]!, 4);
    }
  });
  test("by dreg agrees with pathwise in expectation, and has no variance at the posterior", () => {
    const [dreg, path] = ["dreg", "pathwise"].map((estimator) =>
      drawsOf(engine, objectiveOf(ciwae, { beta: 0.3, samples: 4, estimator }), ROUGH, MANY),
    );
    for (const name of ["loading", "slope", "logVariance"] as const) {
      const differences = dreg!.gradients[name].map((value, i) => value - path!.gradients[name][i]!);
      expect(Math.abs(mean(differences))).toBeLessThan(4 * standardError(differences) + 1e-6);
    }
    const still = drawsOf(engine, objectiveOf(ciwae, { beta: 0.3, samples: 4, estimator: "dreg" }), exact(1.2), FEW);
    for (const value of still.gradients.slope) expect(Math.abs(value)).toBeLessThan(1e-5);
    for (const value of still.loss) expect(value).toBeCloseTo(-logMarginalOf(1.5, exact(1.2)), 4);
  });
});
