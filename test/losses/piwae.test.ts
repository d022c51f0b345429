import { beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.js";
import { iwae } from "../../src/losses/iwae.js";
import { miwae } from "../../src/losses/miwae.js";
import { piwae } from "../../src/losses/piwae.js";

import { useEngine } from "../support/engine.js";
import { drawsOf, FEW, objectiveOf, ROUGH } from "../support/scaled-gaussian-model.js";

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine();
});

test("piwae moves the encoder by miwae and the rest by iwae with all draws", () => {
  const objective = objectiveOf(piwae, { groups: 2, samples: 3 });
  const { phases } = objective(undefined as never);
  const names = ["encoder/a", "latents/z/posterior/b", "decoder/c", "latents/z/prior/d", "likelihood/e", "heads/0/f"];
  expect(phases.map(({ variables }) => names.filter((name) => variables(name)))).toEqual([
    ["encoder/a", "latents/z/posterior/b"],
    ["decoder/c", "latents/z/prior/d", "likelihood/e"],
  ]);
  expect(drawsOf(engine, objective, ROUGH, FEW)).toEqual(
    drawsOf(engine, objectiveOf(miwae, { groups: 2, samples: 3 }), ROUGH, FEW),
  );
  expect(drawsOf(engine, objective, ROUGH, { ...FEW, phase: 1 })).toEqual(
    drawsOf(engine, objectiveOf(iwae, { samples: 6 }), ROUGH, FEW),
  );
});
