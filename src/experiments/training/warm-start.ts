/**
 * Warm start: parameters with the given name prefixes are initialized from the evaluated checkpoint of another run, and can
 * be frozen.
 */

import type { Objective } from "../../contracts/objective.js";
import type { HostTensors } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { wrapPhase } from "../../inference/wrap-phase.js";
import type { ResolvedSpec } from "../../spec/experiment-schema.js";
import { readFinishedRun } from "../../storage/finished-run.js";
import type { ParameterStore } from "../../tensor/parameters.js";
import { takeTensor } from "./checked-tensors.js";

type WarmStart = NonNullable<ResolvedSpec["warmStart"]>;
export const isNamed = ({ parameters }: WarmStart, name: string): boolean =>
  parameters.some((prefix) => name.startsWith(prefix));

/** @throws SPEC_COMBINATION where a parameter is not in the other run, or has another shape there */
export const startedFrom = (warmStart: WarmStart | undefined, initialValues: HostTensors): HostTensors => {
  if (!warmStart) return initialValues;
  const { model } = readFinishedRun(warmStart.run, warmStart.content);
  const refuse = (message: string, remedy: string): VaelabError =>
    new VaelabError("SPEC_COMBINATION", { message, where: "/warmStart", remedy });
  return Object.fromEntries(
    Object.entries(initialValues).map(([name, own]) => {
      if (!isNamed(warmStart, name)) return [name, own];
      const other = model[name];
      const both = 'Name parts that both models have alike in "parameters".';
      if (!other) throw refuse(`the run ${warmStart.run} has no parameter "${name}" to start from`, both);
      if (other.shape.join() !== own.shape.join())
        throw refuse(`"${name}" is [${own.shape}] here, and [${other.shape}] in the run ${warmStart.run}`, both);
      return [name, takeTensor(model, name, own.shape, warmStart.run)];
    }),
  );
};

/** The objective without updates of frozen parameters, whose statistics stay as they are too. */
export const withFrozen = (
  objective: Objective,
  warmStart: WarmStart | undefined,
  store: Pick<ParameterStore, "freeze">,
): Objective => {
  if (!warmStart?.frozen) return objective;
  store.freeze((name) => isNamed(warmStart, name));
  return {
    ...(objective.matchesPrior && { matchesPrior: true }),
    phases: objective.phases.map((phase) =>
      wrapPhase(phase, { variables: (name) => phase.variables(name) && !isNamed(warmStart, name) }),
    ),
  };
};
