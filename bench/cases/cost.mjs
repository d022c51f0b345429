/** What a step costs by batch, width and latents: the points of the plot. */
import { alternate } from "../child.mjs";
import { digits, peer, vaelab } from "../setup.mjs";

const BASE = { net: "mlp", hidden: [400], latent: 20, batch: 128 };
const POINTS = [
  ...[32, 64, 128, 256, 512].map((batch) => ({ by: "batch", at: batch, config: { ...BASE, batch } })),
  ...[64, 128, 256, 512, 1024].map((width) => ({ by: "width", at: width, config: { ...BASE, hidden: [width] } })),
  ...[2, 8, 32, 128].map((latent) => ({ by: "latents", at: latent, config: { ...BASE, latent } })),
];

export const run = async ({ quick, record }) => {
  const children = [
    vaelab("vaelab, captured", "train.mjs", "captured"),
    peer("PyTorch, fused Adam", "train.py", "fused", digits("train")),
  ];
  for (const { by, at, config } of quick ? POINTS.filter((_, i) => i % 2 === 0) : POINTS) {
    for (const child of children) await child.ask({ prepare: config });
    const participants = await alternate(children, { rounds: quick ? 3 : 6, steps: 15 });
    record({ title: `${by} ${at}`, by, at, unit: "ms a step", subject: children[0].name, participants });
  }
  for (const child of children) child.end();
};
