/** First values of parameters that depend on the first weights of the model: priors that begin from encoded training examples. */
import type { HostTensors } from "../../contracts/program.js";
import { toHost, toTensor } from "../../engine/eager.js";
import { mapValues } from "../../numerics/records.js";
import type { ParameterStore } from "../../tensor/parameters.js";
import { tf } from "../../tensor/tensor.js";
import type { BuiltModel } from "./build-model.js";

/**
 * @param values that the model begins with
 * @param isGiven whether a warm start gives the value of a parameter, which then stays
 */
export const initializedFromData = (
  initialize: BuiltModel["initialize"],
  values: HostTensors,
  { store, isGiven }: { store: ParameterStore; isGiven: (name: string) => boolean },
): HostTensors => {
  if (!initialize) return values;
  let found: HostTensors = {};
  tf.tidy(() => {
    found = mapValues(store.bind(mapValues(values, toTensor), initialize), toHost);
  });
  return { ...values, ...Object.fromEntries(Object.entries(found).filter(([name]) => !isGiven(name))) };
};
