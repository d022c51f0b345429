/** Likelihoods, posteriors and priors are distributions of the shapes that src/contracts state, and draw what their densities say. */
import { describe, test } from "vitest";
import { likelihoodLaws } from "../../src/testing/laws/likelihood.js";
import { posteriorLaws } from "../../src/testing/laws/posterior.js";
import { priorLaws } from "../../src/testing/laws/prior.js";
import { useEngine } from "../support/engine.js";
import { casesOfKind } from "./support/cases.js";

const engine = await useEngine();

for (const each of casesOfKind("likelihood"))
  describe(each.name, () => {
    for (const { name, check } of likelihoodLaws(engine, each.definition, each)) test(name, check);
  });

for (const each of casesOfKind("posterior"))
  describe(each.name, () => {
    for (const { name, check } of posteriorLaws(engine, each.definition, each)) test(name, check);
  });

for (const each of casesOfKind("prior"))
  describe(each.name, () => {
    for (const { name, check } of priorLaws(engine, each.definition, each)) test(name, check);
  });
