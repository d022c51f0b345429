/** The outputs of the steps of an epoch, summed by "PHASE.TERM" as state.json keeps them, and their means as the log has them. */
import type { Host } from "../../contracts/program.js";
import type { StepOutputs } from "../../inference/training-program.js";
import type { TrainingState } from "./training-state.js";

type Sums = Pick<TrainingState, "sums" | "summed">;

export const addToSums = (state: Sums, outputs: Host<StepOutputs>): void => {
  for (const [phase, terms] of Object.entries(outputs))
    for (const [term, { data }] of Object.entries(terms)) {
      const sums = (state.sums[`${phase}.${term}`] ??= Array.from({ length: data.length }, () => 0));
      for (let i = 0; i < data.length; i++) sums[i]! += data[i]!;
    }
  state.summed++;
};

/** "elbo.rate" → "rate" where the objective has one phase, else "elbo/rate". */
const logName = (summed: string, phases: number): string =>
  phases === 1 ? summed.slice(summed.indexOf(".") + 1) : summed.replace(".", "/");

/** By name; a vector's elements have names of their own, "kl/0". Sorted: a checkpoint in mid-epoch keeps no order. */
export const meansOf = ({ sums, summed }: Sums, phases: number): { name: string; mean: number; isVector: boolean }[] =>
  Object.entries(sums)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, values]) => {
      const name = logName(key, phases);
      const isVector = values.length > 1;
      return values.map((sum, i) => ({ name: isVector ? `${name}/${i}` : name, mean: sum / summed, isVector }));
    });
