/** Finds the schedules that are learning rates rather than loss weights. */
import type { Objective } from "../../contracts/objective.js";
import type { Optimizer } from "../../contracts/optimizer.js";
import type { Schedule } from "../../contracts/schedule.js";
import { VaelabError } from "../../errors.js";

/** Those of the optimizers, the objective's own included, and the schedules that they are derived from. */
export const learningRatesOf = ({
  optimizer,
  objective,
}: {
  optimizer: Optimizer;
  objective: Objective;
}): Schedule[] => {
  const optimizers = [optimizer, ...objective.phases.flatMap((phase) => phase.optimizer ?? [])];
  const withBases = (schedule: Schedule): Schedule[] => [schedule, ...(schedule.base ? withBases(schedule.base) : [])];
  return optimizers.flatMap(({ learningRate }) => withBases(learningRate));
};

/** Steps that are looked at: of longer runs so many, evenly spread, and the last. */
const LOOKED_AT = 1_000_000;

const isZeroThroughout = (schedule: Schedule, totalSteps: number): boolean => {
  const stride = Math.max(1, Math.ceil(totalSteps / LOOKED_AT));
  for (let step = 0; step < totalSteps; step += stride) if (schedule.at(step) !== 0) return false;
  return totalSteps === 0 || schedule.at(totalSteps - 1) === 0;
};

/** @throws SPEC_COMBINATION at a learning rate that is 0 at every step, such as a ramp from 0 to 0 */
export const assertLearns = (rates: readonly Schedule[], totalSteps: number): void => {
  for (const rate of rates) {
    if (!isZeroThroughout(rate, totalSteps)) continue;
    throw new VaelabError("SPEC_COMBINATION", {
      message: `the learning rate is 0 at all ${totalSteps} steps, so nothing would be learned`,
      where: `/${rate.name.replaceAll(".", "/")}`,
      remedy: "Let it rise above 0.",
    });
  }
};
