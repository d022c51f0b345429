/** Registers what holds of a training step for every component of these kinds, whichever it is. */
import { describe, test } from "vitest";
import type { Kind } from "../../../src/contracts/kinds.js";
import type { Engine } from "../../../src/engine/engine.js";
import { loadCase } from "../../../src/testing/experiment.js";
import { stepLaws } from "../../../src/testing/laws/step.js";
import { casesOfKind } from "./cases.js";

/**
 * Captured ones, beside eager ones: three of each variant of a step of two. What only many steps show, test/engine/capture tries once.
 */
const STEPS = 6;

/** Kinds with a test file of their own, so that two files run at once. */
export const NETWORK_KINDS: readonly Kind[] = ["encoder", "decoder", "layer"];

export const testSteps = (engine: Engine, kinds: readonly Kind[]): void => {
  for (const each of kinds.flatMap((kind) => casesOfKind(kind)))
    describe(each.name, () => {
      for (const { name, check } of stepLaws(engine, each.name, () => loadCase(each), STEPS)) test(name, check);
    });
};
