/** 100,000 steps of the small model: resident memory and tensors after step 1,000 and at the end. */
import { summary } from "../child.mjs";
import { vaelab } from "../setup.mjs";

const BLOCK = 1000;

export const run = async ({ quick, record }) => {
  const total = quick ? 10000 : 100000;
  const child = vaelab("vaelab, captured", "train.mjs", "captured");
  await child.ask({ prepare: { net: "mlp", hidden: [64], latent: 2, batch: 64 } });
  const early = await child.ask({ steps: 999 });
  // Asked for in blocks, for the list of a block's times is memory too.
  let late;
  const times = [];
  for (let done = 999; done < total; done += BLOCK) {
    late = await child.ask({ steps: Math.min(BLOCK, total - done) });
    times.push(...late.times);
  }
  child.end();
  const growth = (late.rssMiB / early.rssMiB - 1) * 100;
  record({
    title: `MLP 784-64-2, B=64, ${total} steps`,
    unit: "ms a step",
    subject: child.name,
    participants: { [child.name]: { ...summary(times), peakMiB: late.peakMiB } },
    note: `Resident: ${early.rssMiB.toFixed(0)} MiB after step 1,000, ${late.rssMiB.toFixed(0)} MiB at the end (${growth.toFixed(1)} %). Tensors: ${early.tensors} and ${late.tensors}.`,
  });
};
