/** What holds of a training step, whichever component stands in it. */
import { describe, test } from "vitest";
import { KINDS_OF_A_STEP, loadCase } from "../../src/testing/experiment.js";
import { stepLaws } from "../../src/testing/laws/step.js";
import { useEngine } from "../support/engine.js";
import { casesOfKind } from "./support/cases.js";

const engine = await useEngine();
/** Captured ones, beside eager ones. */
const STEPS = 20;

for (const each of KINDS_OF_A_STEP.flatMap((kind) => casesOfKind(kind)))
  describe(each.name, () => {
    for (const { name, check } of stepLaws(engine, each.name, () => loadCase(each), STEPS)) test(name, check);
  });
