/** One training step: PyTorch's three modes, vaelab captured and eager, in turn; and what the products alone would take. */
import { alternate } from "../child.mjs";
import { digits, lonePeer, peer, sleepingPeer, vaelab } from "../setup.mjs";

const NETS = [
  { title: "MLP 784-400-20, B=128", net: "mlp", hidden: [400], latent: 20, batch: 128, target: 1 },
  { title: "MLP 784-400-20, B=512", net: "mlp", hidden: [400], latent: 20, batch: 512, target: 1 },
  { title: "MLP 784-64-2, B=64", net: "mlp", hidden: [64], latent: 2, batch: 64, target: 0.7, small: true },
  { title: "convolutional VAE, B=128", net: "conv", latent: 20, batch: 128, target: 1 },
];
const SIZE = 1024;

/** Floating-point operations of a step's products: forward once, backward twice, but no gradient of the images. */
const operations = ({ hidden: [width], latent, batch }) =>
  batch * (6 * (2 * 784 * width + 3 * width * latent) - 2 * 784 * width);

export const run = async ({ quick, record }) => {
  const data = digits("train");
  const all = {
    captured: vaelab("vaelab, captured", "train.mjs", "captured"),
    default: peer("PyTorch, default Adam", "train.py", "default", data),
    fused: peer("PyTorch, fused Adam", "train.py", "fused", data),
    sleeping: sleepingPeer("PyTorch, fused Adam, passive waiting", "train.py", "fused", data),
    compiled: peer("PyTorch, compiled, fused Adam", "train.py", "compiled", data),
    eager: vaelab("vaelab, eager", "train.mjs", "eager"),
    channels: peer("PyTorch, channels last, fused Adam", "train.py", "channels-last", data),
    sgemm: sleepingPeer("sgemm", "sgemm.py"),
    // Where kernels are too small to divide a second thread costs more than it brings.
    lone: vaelab("vaelab, captured, one thread", "train.mjs", "captured", "1"),
    loneFused: lonePeer("PyTorch, fused Adam, one thread", "train.py", "fused", data),
    loneCompiled: lonePeer("PyTorch, compiled, fused Adam, one thread", "train.py", "compiled", data),
  };
  await all.sgemm.ask({ prepare: { size: SIZE } });
  for (const { title, target, small, ...config } of quick ? [NETS[0], NETS[2]] : NETS) {
    const conv = config.net === "conv";
    const { captured, default: standard, fused, sleeping, compiled, eager, channels, sgemm } = all;
    const { lone, loneFused, loneCompiled } = all;
    const children = [
      captured,
      fused,
      sleeping,
      standard,
      conv ? channels : undefined,
      quick ? undefined : compiled,
      eager,
      ...(small ? [lone, loneFused, quick ? undefined : loneCompiled] : []),
      sgemm,
    ];
    const present = children.filter(Boolean);
    const prepared = {};
    for (const child of present) if (child !== sgemm) prepared[child.name] = await child.ask({ prepare: config });
    const { sgemm: product, ...participants } = await alternate(present, {
      rounds: quick ? 8 : conv ? 6 : 8,
      steps: conv ? 6 : 20,
    });
    const perSecond = (2 * SIZE ** 3) / (product.minimum / 1e3);
    const limit = conv ? undefined : (operations(config) / perSecond) * 1e3;
    record({
      title,
      unit: "ms a step",
      subject: captured.name,
      participants,
      prepared,
      target,
      limit,
      gflops: perSecond / 1e9,
      note: `Capture (the step recorded twice, its graph loaded and run once): ${prepared[captured.name].firstStep.toFixed(0)} ms.`,
    });
  }
  for (const child of Object.values(all)) child.end();
};
