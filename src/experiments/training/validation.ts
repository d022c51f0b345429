/**
 * Evaluates the objective on the validation split with the final values of its schedules. Of the training state it reads only
 * the weights and changes nothing.
 */
import type { Dataset, Split } from "../../contracts/dataset.js";
import type { HostTensors, Program, ProgramRunner } from "../../contracts/program.js";
import { assertTerms } from "../../inference/checks.js";
import { type LoggedTerm, type LoggedTerms, listTerms, loggedTerms } from "../../inference/logged-terms.js";
import { batchOf, type StepInputs, stepContext } from "../../inference/step.js";
import { mapValues } from "../../numerics/records.js";
import { noiseKey } from "../../numerics/streams.js";
import { keyedNoise } from "../../tensor/keyed-noise.js";
import type { Bindings } from "../../tensor/parameters.js";
import type { Assembled } from "./assemble.js";
import { batchInputs, blocksOf, keyInput, readingBlocks, scalarInputs } from "./batches.js";

/** Vectors are logged of training steps alone. */
const withoutVectors = (terms: LoggedTerms): LoggedTerms => ({
  ...terms,
  byLatent: mapValues(terms.byLatent, (group) =>
    Object.fromEntries(Object.entries(group).filter(([, { rank }]) => rank === 0)),
  ),
});

const validationProgram = (
  { model, objective, store, initialValues }: Assembled,
  dataset: Dataset,
  knownShare: (field: string) => number,
): Program<Bindings, StepInputs, LoggedTerms> => ({
  name: "validation",
  initialState: initialValues,
  run: (state, inputs, tools) => {
    const noise = keyedNoise(tools.kernels, inputs.key);
    const context = stepContext(
      { model, trainingSize: dataset.sizes.train, knownShare },
      { batch: batchOf(inputs), noise, training: false, scalars: inputs.scalars },
    );
    const phase = objective.phases[0]!;
    const result = store.bind(state, () => phase.terms(context));
    assertTerms(phase.name, result);
    return { outputs: withoutVectors(loggedTerms(result)), state: {} };
  },
});

/** The share of examples of a split for which a field is known; each is counted once. */
const knownShares = ({ fields }: Dataset, split: Split): ((field: string) => number) => {
  const shares = new Map<string, number>();
  const count = (field: string): number => {
    if (!split.observed) return 1;
    let known = 0;
    for (const { rows } of readingBlocks(split.size, fields)) {
      const mask = split.observed(rows)[field];
      known += mask ? mask.reduce((sum, each) => sum + Number(each > 0.5), 0) : rows.length;
    }
    return known / split.size;
  };
  return (field) => {
    const share = shares.get(field) ?? count(field);
    shares.set(field, share);
    return share;
  };
};

export interface Validator {
  /** The loss and the scalar terms of the first phase, averaged over the split. */
  validate(parameters: HostTensors): LoggedTerm[];
  dispose(): void;
}

export const validator = (assembled: Assembled, dataset: Dataset, runner: ProgramRunner, seed: number): Validator => {
  const split = dataset.split("validation", "evaluation");
  const scalars = scalarInputs(assembled.schedules.final());
  const running = runner.start(validationProgram(assembled, dataset, knownShares(dataset, split)));
  return {
    validate: (parameters) => {
      running.writeState(parameters);
      let sums: LoggedTerm[] = [];
      for (const [block, { rows }] of blocksOf(split.size).entries()) {
        const outputs = running.call({
          ...batchInputs(dataset, split, rows),
          scalars,
          key: keyInput(noiseKey(seed, "validation", block)),
        });
        sums = listTerms(outputs).map((term, i) => ({
          ...term,
          data: [(sums[i]?.data[0] ?? 0) + term.data[0]! * rows.length],
        }));
      }
      return sums.map((term) => ({ ...term, data: [term.data[0]! / split.size] }));
    },
    dispose: () => running.dispose(),
  };
};
