/** Every bijection is what its log-determinant says, and its inverse is one, for shared and for amortized parameters. */
import { describe, test } from "vitest";
import { bijectionLaws } from "../../src/testing/laws/bijection.js";
import { useEngine } from "../support/engine.js";
import { casesOfKind } from "./support/cases.js";

const engine = await useEngine();

for (const each of casesOfKind("bijection"))
  describe(each.name, () => {
    for (const { name, check } of bijectionLaws(engine, each.definition, each)) test(name, check);
  });
