/** 100,000 samples drawn from the likelihood, and 100,000 digits encoded: vaelab beside PyTorch in batches of 1,000. */
import { alternate } from "../child.mjs";
import { digits, peer, vaelab } from "../setup.mjs";

const CONFIG = { hidden: [512, 256], latent: 16, count: 100_000 };

export const run = async ({ quick, record }) => {
  for (const work of ["sample", "encode"]) {
    const children = [
      vaelab("vaelab", "bulk.mjs", work),
      peer("PyTorch, inference mode", "bulk.py", work, digits("train")),
    ];
    for (const child of children) await child.ask({ prepare: CONFIG });
    const participants = await alternate(children, { rounds: quick ? 2 : 5, steps: 1 });
    record({ title: `${work} 100,000`, unit: "ms", subject: children[0].name, participants, target: 1 });
    for (const child of children) child.end();
  }
};
