/** The penalty of every regularizer is finite, and reaches a trained parameter. */
import { describe, test } from "vitest";
import { regularizerLaws } from "../../src/testing/laws/regularizer.js";
import { useEngine } from "../support/engine.js";
import { casesOfKind } from "./support/cases.js";

const engine = await useEngine();

for (const each of casesOfKind("regularizer"))
  describe(each.name, () => {
    for (const { name, check } of regularizerLaws(engine, each.definition, each)) test(name, check);
  });
