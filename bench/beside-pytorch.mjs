/** One training step of models, beside the same written in PyTorch, in all of its modes. */
import { alternate } from "./child.mjs";
import { digits, peer, sleepingPeer, vaelab } from "./setup.mjs";

/** @param models each with a title, a target and what both sides are asked to prepare */
export const besidePytorch = async (models, { quick, record }) => {
  const data = digits("train");
  const captured = vaelab("vaelab, captured", "train.mjs", "captured");
  const peers = [
    peer("PyTorch, default Adam", "train.py", "default", data),
    peer("PyTorch, fused Adam", "train.py", "fused", data),
    sleepingPeer("PyTorch, fused Adam, passive waiting", "train.py", "fused", data),
    ...(quick ? [] : [peer("PyTorch, compiled, fused Adam", "train.py", "compiled", data)]),
  ];
  for (const { title, target, ...config } of models) {
    const prepared = {};
    for (const child of [captured, ...peers]) prepared[child.name] = await child.ask({ prepare: config });
    const counts = new Set(Object.values(prepared).map(({ parameters }) => parameters));
    if (counts.size > 1) throw new Error(`${title}: the models have ${[...counts].join(" and ")} parameters`);
    const participants = await alternate([captured, ...peers], { rounds: 8, steps: 20 });
    record({ title, unit: "ms a step", subject: captured.name, participants, prepared, target });
  }
  for (const child of [captured, ...peers]) child.end();
};
