/** IWAE negative log-likelihood, k = 5,000, of 100 digits at a time with the same weights: pythae's get_nll, batched PyTorch, vaelab. */
import { join } from "node:path";
import { summary } from "../child.mjs";
import { peer, results, vaelab } from "../setup.mjs";

const CONFIG = { hidden: [512, 256], latent: 16, samples: 5000, digits: 100 };
const THOUSANDTH = 1e3;

export const run = async ({ quick, record }) => {
  const folder = join(results, "likelihood");
  const mine = vaelab("vaelab, iwae-nll", "likelihood.mjs", folder);
  await mine.ask({ prepare: CONFIG });
  const children = [
    mine,
    peer("PyTorch, batched", "likelihood.py", "batched", folder),
    peer("pythae's get_nll, batches of 100", "likelihood.py", "pythae", folder),
    peer("pythae's get_nll, batches of 1,000", "likelihood.py", "pythae", folder),
  ];
  for (const [i, child] of children.entries())
    if (i > 0) await child.ask({ prepare: { ...CONFIG, pythaeBatch: i === 3 ? 1000 : 100 } });
  const found = Object.fromEntries(children.map(({ name }) => [name, { times: [] }]));
  for (let round = 0; round < (quick ? 1 : 3); round++)
    for (const { name, ask } of children) {
      const { times, value, peakMiB } = await ask({ steps: 1 });
      found[name].times.push(times[0] / THOUSANDTH);
      Object.assign(found[name], { value, peakMiB });
    }
  const participants = Object.fromEntries(
    Object.entries(found).map(([name, { times, ...rest }]) => [name, { ...summary(times), ...rest }]),
  );
  const values = children.map(({ name }) => `${name} ${participants[name].value.toFixed(3)}`).join("; ");
  record({
    title: "k=5000, latent 16, decoder 256-512-784, 100 digits",
    unit: "s per 100 digits",
    subject: mine.name,
    participants,
    note: `Means in nats: ${values}. vaelab's time includes recording the graph, which 1,000 digits need once. Ten times these are 1,000 digits.`,
  });
  for (const child of children) child.end();
};
