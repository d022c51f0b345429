import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { iwae } from "../../src/losses/iwae.js";
import { miwae } from "../../src/losses/miwae.js";
import { mean, standardError } from "../../src/numerics/statistics.js";
import { useEngine } from "../support/engine.js";
import { drawsOf, FEW, MANY, objectiveOf, ROUGH } from "../support/scaled-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

describe("miwae", () => {
  test("of one group is iwae, and of groups of one draw the ELBO of as many", () => {
    const single = drawsOf(engine, objectiveOf(miwae, { groups: 1, samples: 6 }), ROUGH, FEW);
    expect(single).toEqual(drawsOf(engine, objectiveOf(iwae, { samples: 6 }), ROUGH, FEW));
    const { loss } = drawsOf(engine, objectiveOf(miwae, { groups: 6, samples: 1 }), ROUGH, MANY);
    const elbo = drawsOf(engine, objectiveOf(iwae, { samples: 1 }), ROUGH, MANY).loss;
    expect(Math.abs(mean(loss) - mean(elbo))).toBeLessThan(4 * Math.hypot(standardError(loss), standardError(elbo)));
  });
  test("has the expectation of iwae with the draws of a group", () => {
    const groups = drawsOf(engine, objectiveOf(miwae, { groups: 4, samples: 3 }), ROUGH, MANY).loss;
    const one = drawsOf(engine, objectiveOf(iwae, { samples: 3 }), ROUGH, MANY).loss;
    expect(Math.abs(mean(groups) - mean(one))).toBeLessThan(4 * Math.hypot(standardError(groups), standardError(one)));
    expect(standardError(groups)).toBeLessThan(standardError(one));
  });
});
