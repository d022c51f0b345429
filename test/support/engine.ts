/** The engine that tests compute on: native unless VAELAB_TEST_ENGINE names another; it is an error when it is not there. */
import type { Engine, EngineChoice } from "../../src/engine/engine.js";
import { loadEngine } from "../../src/engine/load.js";

export const useEngine = (): Promise<Engine> =>
  loadEngine((process.env.VAELAB_TEST_ENGINE ?? "native") as EngineChoice, { threads: 1 });
