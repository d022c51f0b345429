/** One training step of models beyond one Gaussian latent: those of three examples, beside the same written in PyTorch. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/sources.mjs";
import { besidePytorch } from "../beside-pytorch.mjs";

const modelOf = (example) => JSON.parse(readFileSync(join(root, "examples", `${example}.json`), "utf8")).model;
const quantized = modelOf("vq-digits");
quantized.latents.z.prior = { type: "categorical", probabilities: "learned" };

const STRUCTURES = [
  { title: "ladder of two latents, B=100", net: "ladder", batch: 100, model: modelOf("ladder-digits"), target: 0.9 },
  { title: "posterior with two IAF layers, B=100", net: "iaf", batch: 100, model: modelOf("iaf-digits"), target: 0.9 },
  { title: "vector-quantized, 16 codes of 64, B=128", net: "vq", batch: 128, model: quantized, target: 0.9 },
];

export const run = (options) => besidePytorch(STRUCTURES, options);
