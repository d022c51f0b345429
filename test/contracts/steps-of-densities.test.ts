/** What holds of a training step with any posterior, prior, likelihood or bijection, and of all kinds that no other file tries. */
import { KINDS_OF_A_STEP } from "../../src/testing/experiment.js";
import { useEngine } from "../support/engine.js";
import { NETWORK_KINDS, testSteps } from "./support/step-laws.js";

testSteps(
  await useEngine(),
  KINDS_OF_A_STEP.filter((kind) => !NETWORK_KINDS.includes(kind)),
);
