/** Very deep models: TensorFlow opens a graph in time that grows faster than its operations, in one piece and silently. */
import { VaelabError } from "../../errors.js";
import type { ParameterStore } from "../../tensor/parameters.js";

/** Parameters of 2,000 layers with a bias, with which a step takes about ten seconds. */
const MOST_PARAMETERS = 4000;
/** From here on, the first step takes seconds and more. */
const MANY_PARAMETERS = 300;

/** @throws SPEC_COMBINATION */
export const assertTrainable = (store: ParameterStore): void => {
  const count = store.parameters.length;
  if (count <= MOST_PARAMETERS) return;
  throw new VaelabError("SPEC_COMBINATION", {
    message: `the model has ${count} weight arrays, two or more a layer, and at most ${MOST_PARAMETERS} are trained: a step would take tens of seconds`,
    where: "/model",
    remedy: "Use fewer layers.",
  });
};

/** What to say before the first step of a deep model. */
export const depthNotice = ({ parameters }: ParameterStore): string | undefined =>
  parameters.length < MANY_PARAMETERS
    ? undefined
    : `preparing the first step: with ${parameters.length} weight arrays that can take minutes, in which signals wait`;
