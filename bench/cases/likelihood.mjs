/**
 * IWAE negative log-likelihood, k = 5,000, of 1,000 digits (quick: 100) with the same weights: pythae's get_nll, batched PyTorch,
 * vaelab.
 */
import { join } from "node:path";
import { summary } from "../child.mjs";
import { peer, results, vaelab } from "../setup.mjs";

const CONFIG = { hidden: [512, 256], latent: 16, samples: 5000 };
const PYTHAE = "pythae's get_nll, batches of";
const THOUSANDTH = 1e3;

export const run = async ({ quick, record }) => {
  const folder = join(results, "likelihood");
  const digits = quick ? 100 : 1000;
  const config = { ...CONFIG, digits };
  const mine = vaelab("vaelab, iwae-nll", "likelihood.mjs", folder);
  await mine.ask({ prepare: config });
  const children = [
    mine,
    peer("PyTorch, batched", "likelihood.py", "batched", folder),
    peer(`${PYTHAE} 100`, "likelihood.py", "pythae", folder),
    peer(`${PYTHAE} 1,000`, "likelihood.py", "pythae", folder),
  ];
  for (const [i, child] of children.entries())
    if (i > 0) await child.ask({ prepare: { ...config, pythaeBatch: i === 3 ? 1000 : 100 } });
  const found = Object.fromEntries(children.map(({ name }) => [name, { times: [] }]));
  for (const { name, ask } of children) {
    const { times, value, peakMiB } = await ask({ steps: 1 });
    found[name].times.push(times[0] / THOUSANDTH);
    Object.assign(found[name], { value, peakMiB });
  }
  const participants = Object.fromEntries(
    Object.entries(found).map(([name, { times, ...rest }]) => [name, { ...summary(times), ...rest }]),
  );
  const pythae = Math.min(...[100, "1,000"].map((batch) => participants[`${PYTHAE} ${batch}`].minimum));
  const faster = `pythae's faster one takes ${(pythae / participants[mine.name].minimum).toFixed(2)} times as long as vaelab (aim: 2.5).`;
  const values = children.map(({ name }) => `${name} ${participants[name].value.toFixed(3)}`).join("; ");
  record({
    title: `k=5000, latent 16, decoder 256-512-784, ${digits} digits`,
    unit: "s",
    subject: mine.name,
    participants,
    note: `${faster} Means in nats: ${values}. vaelab's time includes recording the graph.`,
  });
  for (const child of children) child.end();
};
