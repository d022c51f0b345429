/**
 * Refits a proposal for the likelihood: with decoder and prior frozen, a copy of encoder and posterior is trained further at
 * beta 1 on the training split. The encoder of a model trained at another beta is a poor proposal, off by tens of nats, which
 * can reverse the ranking of betas.
 */

import type { Model } from "../../contracts/model.js";
import type { Optimizer } from "../../contracts/optimizer.js";
import type { HostTensors } from "../../contracts/program.js";
import { VaelabError } from "../../errors.js";
import { proposalLoss } from "../../inference/proposal-loss.js";
import { trainingProgram } from "../../inference/training-program.js";
import { inferenceNames } from "../../models/latent-variable-model.js";
import { noiseKey, permutation, stream } from "../../numerics/streams.js";
import { keyInput, scalarInputs } from "../training/batches.js";
import { residentSplit } from "../training/resident-split.js";
import { breathe, type Trained, withProgram } from "./evaluation-program.js";

export interface RefitOptions {
  epochs: number;
  learningRate: number;
  batchSize: number;
  /** Built by the caller, who knows the catalogue; its learning rate is fed here. */
  optimizer: Optimizer;
  progress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** @returns the refitted values of the inference parameters. @throws DIVERGED, because such an encoder yields no figures */
export const refitEncoder = async (trained: Trained, options: RefitOptions): Promise<HostTensors> => {
  const { model, store, dataset, seed, parameters, runner } = trained;
  const { epochs, learningRate, batchSize, optimizer, progress, signal } = options;
  const inferring = inferenceNames(store);
  const copies = Object.fromEntries(Object.entries(parameters).filter(([name]) => inferring.has(name)));
  const program = trainingProgram({
    model,
    store,
    optimizer,
    trainingSize: dataset.sizes.train,
    initialValues: parameters,
    copies,
    ...(dataset.transform && { transform: dataset.transform.bind(dataset) }),
    objective: {
      phases: [
        {
          name: "refit",
          every: 1,
          variables: () => true,
          terms: (step) => ({ loss: proposalLoss(step), terms: {} }),
        },
      ],
    },
  });
  const split = dataset.split("train", "training");
  const stepsPerEpoch = Math.floor(split.size / batchSize);
  const total = stepsPerEpoch * epochs;
  const batches = residentSplit(dataset, "train", "training", { reads: total * batchSize });
  return withProgram(runner, batches.program(program), async (running) => {
    const hidden = hiddenLabels(model, batchSize);
    for (let step = 0; step < total; step++) {
      signal?.throwIfAborted();
      const epoch = Math.floor(step / stepsPerEpoch);
      const at = (step % stepsPerEpoch) * batchSize;
      const order = orderOf(epoch, split.size, seed);
      // Cosine decay to zero, so that the result does not depend on the last few batches.
      const rate = (learningRate * (1 + Math.cos((Math.PI * step) / total))) / 2;
      const batch = batches.inputs(order.slice(at, at + batchSize));
      const { refit } = running.call(
        {
          ...batch,
          ...(hidden && { observed: { ...batch.observed, ...hidden } }),
          scalars: scalarInputs({ [optimizer.learningRate.name]: rate }),
          key: keyInput(noiseKey(seed, "refit", step)),
        },
        "refit",
      );
      const loss = refit?.loss?.data[0];
      if (!Number.isFinite(loss)) throw diverged(`its loss became ${loss}`, { step, total, learningRate });
      progress?.(step + 1, total);
      if (step % 10 === 0) await breathe();
    }
    const state = running.readState();
    // No loss is computed after the last update, so its weights are checked here.
    const broken = Object.values(state.copies).flatMap(
      ({ data }) => data.find((value) => !Number.isFinite(value)) ?? [],
    );
    if (broken.length > 0) throw diverged(`a weight became ${broken[0]}`, { step: total, total, learningRate });
    return state.copies;
  });
};

const diverged = (
  what: string,
  { step, total, learningRate }: { step: number; total: number; learningRate: number },
): VaelabError =>
  new VaelabError("DIVERGED", {
    message: `the refit of the encoder diverged at step ${step} of ${total}: ${what}`,
    remedy: `The trained weights are kept. Score them with a lower rate: vaelab evaluate RUN --set evaluation.refit.learningRate=${Number((learningRate / 10).toPrecision(6))}`,
  });

/** Masks that hide every latent label, known or not, because the refit maximizes a bound on p(x). */
const hiddenLabels = ({ observed = {} }: Model, batchSize: number): HostTensors | undefined => {
  const labels = Object.values(observed);
  if (labels.length === 0) return undefined;
  return Object.fromEntries(labels.map((name) => [name, { shape: [batchSize], data: new Float32Array(batchSize) }]));
};

let cached: { key: string; order: Int32Array } | undefined;
const orderOf = (epoch: number, size: number, seed: number): Int32Array => {
  const key = `${seed}/${epoch}/${size}`;
  if (cached?.key !== key) cached = { key, order: permutation(size, stream(seed, `refit/order/${epoch}`)) };
  return cached.order;
};
