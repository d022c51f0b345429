/** What a store of parameters refuses. */
import { expect, test } from "vitest";
import { zeros } from "../../src/tensor/initializers.js";
import { ParameterStore } from "../../src/tensor/parameters.js";

test("a name is declared once; another scope has names of its own", () => {
  const scope = new ParameterStore().scope("encoder");
  scope("weights", [2], zeros);
  scope.scope("next")("weights", [2], zeros);
  expect(() => scope("weights", [2], zeros)).toThrow('the parameter "encoder/weights" is declared twice');
});
