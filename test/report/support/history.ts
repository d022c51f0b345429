/** history.jsonl of a linear VAE under the objective "elbo", by formula. */
import type { LoggedFigure } from "../../../src/contracts/logged-figure.js";
import { FORMAT } from "../../../src/storage/format.js";
import type { HistoryLine } from "../../../src/storage/layout.js";
import { wobble } from "./figures.js";
import { LATENT, linearFigures } from "./linear-vae.js";

export interface HistoryOptions {
  seed?: number;
  beta?: number;
  epochs?: number;
  /** Of the model; each has LATENT dimensions. */
  latentNames?: readonly string[];
}

const ELBO = { unit: "nats", phase: "elbo" } as const;
/** What the objective "elbo" logs. */
const figuresOfHistory = (latents: readonly string[]): LoggedFigure[] => {
  const several = latents.length > 1;
  const term = (name: string): LoggedFigure => ({ ...ELBO, name, title: name, kind: "term", term: name });
  return [
    { ...ELBO, name: "loss", title: "loss", kind: "loss", term: "loss" },
    term("distortion"),
    term("rate"),
    ...latents.map((latent): LoggedFigure => {
      const [name, title] = several ? [`kl/${latent}`, `KL of ${latent}`] : ["kl", "KL"];
      return { ...ELBO, name, title, kind: "term", term: "kl", latent, dimensions: LATENT };
    }),
    { ...ELBO, name: "gradientNorm", title: "gradient norm", unit: "", kind: "gradient-norm", term: "gradientNorm" },
    { name: "objective.beta", title: "beta", unit: "", kind: "schedule", role: "weight" },
    {
      name: "training.optimizer.learningRate",
      title: "learning rate",
      unit: "",
      kind: "schedule",
      role: "learning-rate",
    },
  ];
};

const historyLines = ({ beta = 1, seed = 1, epochs = 20, latentNames = ["z"] }: HistoryOptions): object[] => {
  const exact = linearFigures(beta);
  const figures = figuresOfHistory(latentNames);
  const lines: object[] = [{ figures }];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const left = Math.exp(-epoch / 4);
    const add = (split: HistoryLine["split"], name: string, value: number, dimension?: number): void => {
      lines.push({ step: epoch * 62, epoch, split, name, ...(dimension !== undefined && { dimension }), value });
    };
    for (const split of ["train", "validation"] as const) {
      const noise = 1 + 0.02 * wobble(epoch, seed, split.length);
      const [rate, distortion] = [exact.rate * (1 - left) * noise, exact.distortion * (1 + left) * noise];
      add(split, "loss", distortion + beta * rate);
      add(split, "distortion", distortion);
      add(split, "rate", rate);
    }
    for (const { name, latent, dimensions } of figures)
      if (dimensions !== undefined)
        exact.kl.forEach((kl, j) => {
          // Each latent carries half as much as the one before it.
          add("train", name, (kl * (1 - Math.exp(-epoch / (2 + j)))) / 2 ** latentNames.indexOf(latent!), j);
        });
    add("train", "gradientNorm", 20 * left + 2 + wobble(epoch, seed));
    add("train", "objective.beta", Math.min(beta, (beta * epoch) / 5));
    add("train", "training.optimizer.learningRate", 0.001);
  }
  return lines;
};

export const historyText = (options: HistoryOptions): string =>
  historyLines(options)
    .map((line) => `${JSON.stringify({ format: FORMAT, ...line })}\n`)
    .join("");
