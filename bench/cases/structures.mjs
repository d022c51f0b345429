/** One training step of models beyond one Gaussian latent: those of three examples, beside the same written in PyTorch. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/sources.mjs";
import { alternate } from "../child.mjs";
import { digits, peer, sleepingPeer, vaelab } from "../setup.mjs";

const modelOf = (example) => JSON.parse(readFileSync(join(root, "examples", `${example}.json`), "utf8")).model;
const quantized = modelOf("vq-digits");
quantized.latents.z.prior = { type: "categorical", probabilities: "learned" };

const STRUCTURES = [
  { title: "ladder of two latents, B=100", net: "ladder", batch: 100, model: modelOf("ladder-digits") },
  { title: "posterior with two IAF layers, B=100", net: "iaf", batch: 100, model: modelOf("iaf-digits") },
  { title: "vector-quantized, 16 codes of 64, B=128", net: "vq", batch: 128, model: quantized },
];

export const run = async ({ quick, record }) => {
  const data = digits("train");
  const captured = vaelab("vaelab, captured", "train.mjs", "captured");
  const peers = [
    peer("PyTorch, default Adam", "train.py", "default", data),
    peer("PyTorch, fused Adam", "train.py", "fused", data),
    sleepingPeer("PyTorch, fused Adam, passive waiting", "train.py", "fused", data),
    ...(quick ? [] : [peer("PyTorch, compiled, fused Adam", "train.py", "compiled", data)]),
  ];
  for (const { title, ...config } of STRUCTURES) {
    const prepared = {};
    for (const child of [captured, ...peers]) prepared[child.name] = await child.ask({ prepare: config });
    const counts = new Set(Object.values(prepared).map(({ parameters }) => parameters));
    if (counts.size > 1) throw new Error(`${title}: the models have ${[...counts].join(" and ")} parameters`);
    const participants = await alternate([captured, ...peers], { rounds: 8, steps: 20 });
    record({ title, unit: "ms a step", subject: captured.name, participants, prepared, target: 0.9 });
  }
  for (const child of [captured, ...peers]) child.end();
};
