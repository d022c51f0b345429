/** A prior outside a model: what it is built from and called with where nothing is encoded. */

import type { Distribution } from "../../src/contracts/distribution.js";
import type { PriorContext } from "../../src/contracts/index.js";
import type { ParameterStore } from "../../src/tensor/parameters.js";
import { calling } from "../support/calls.js";

export const priorContext = (store: ParameterStore, changes: Partial<PriorContext> = {}): PriorContext => ({
  latent: [3],
  inputs: {},
  parameters: store.scope("prior"),
  examples: () => {
    throw new Error("this prior looks at no examples");
  },
  exampleRows: () => {
    throw new Error("this prior looks at no examples");
  },
  ...changes,
});
export const withoutEncoder = {
  parents: {},
  call: calling(),
  encode: (): Distribution => {
    throw new Error("this prior encodes nothing");
  },
};
