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

/** "elbo.rate" → "rate" for the objective's first phase, as validation names it; "PHASE/rate" for another. */
const logName = (summed: string, first: string): string =>
  summed.startsWith(`${first}.`) ? summed.slice(first.length + 1) : summed.replace(".", "/");

/** By name. @param first the objective's first phase. A vector's elements have names of their own, "kl/0". Sorted: a checkpoint in mid-epoch keeps no order. */
export const meansOf = ({ sums, summed }: Sums, first: string): { name: string; mean: number; isVector: boolean }[] =>
  Object.entries(sums)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, values]) => {
      const name = logName(key, first);
      const isVector = values.length > 1;
      return values.map((sum, i) => ({ name: isVector ? `${name}/${i}` : name, mean: sum / summed, isVector }));
    });
