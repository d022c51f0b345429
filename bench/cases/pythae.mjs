/** pythae's own trainer, an epoch at a time, against as many steps of vaelab: milliseconds a step. */

import { summary } from "../child.mjs";
import { digits, peer, vaelab } from "../setup.mjs";

const CONFIG = { net: "mlp", hidden: [400], latent: 20, batch: 128, steps: 30 };

export const run = async ({ quick, record }) => {
  const captured = vaelab("vaelab, captured", "train.mjs", "captured");
  const pythae = peer("pythae's trainer", "pythae_train.py", digits("train"));
  for (const child of [captured, pythae]) await child.ask({ prepare: CONFIG });
  const times = { [captured.name]: [], [pythae.name]: [] };
  for (let round = 0; round < (quick ? 6 : 16); round++) {
    const mine = await captured.ask({ steps: CONFIG.steps });
    const theirs = await pythae.ask({ steps: 1 });
    // Both as the mean over the same number of steps.
    times[captured.name].push(mine.times.reduce((sum, time) => sum + time, 0) / CONFIG.steps);
    times[pythae.name].push(theirs.times[0] / CONFIG.steps);
  }
  const participants = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, summary(values)]));
  record({
    title: "MLP 784-400-20, B=128, over an epoch of 30 steps",
    unit: "ms a step",
    subject: captured.name,
    participants,
    target: 0.5,
  });
  captured.end();
  pythae.end();
};
