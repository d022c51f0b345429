/**
 * What a plugin tests itself with, imported from "vaelab/testing": an engine, noise and parameters that are the same at every run, and
 * the laws that the built-in components obey, as functions that throw. Any test runner can run them; none is needed.
 *
 *     const engine = await loadEngine();
 *     for (const { name, check } of lawsOf(engine, logistic)) test(name, check);
 */
export type { Engine, EngineChoice } from "./engine/engine.js";
export { loadEngine } from "./engine/load.js";
export { ParameterStore } from "./tensor/parameters.js";
export { assertClose, assertFinite, assertShape, assertThat, type Numbers } from "./testing/assertions.js";
export { type BuiltComponent, buildComponent, type ComponentOptions } from "./testing/component.js";
export { assertGradient, differences } from "./testing/differences.js";
export type { Written } from "./testing/experiment.js";
export { checkLaws, type Law } from "./testing/law.js";
export { lawsOf } from "./testing/laws/component.js";
export { type DistributionCase, distributionLaws } from "./testing/laws/distribution.js";
export type { LawOptions } from "./testing/laws/options.js";
export { specLaws } from "./testing/laws/spec.js";
export { initialBindings, movedBindings, noiseOf, normals } from "./testing/values.js";
