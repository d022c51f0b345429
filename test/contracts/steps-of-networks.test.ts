/** What holds of a training step with any encoder, decoder or layer. */
import { useEngine } from "../support/engine.js";
import { NETWORK_KINDS, testSteps } from "./support/step-laws.js";

testSteps(await useEngine(), NETWORK_KINDS);
