/** A session of tfjs-node's own binding, which takes a saved model from a folder and resolves every name at every call. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeBinding } from "../native/backend.js";
import { type Node, savedModel, TAG } from "./graph.js";
import type { Session } from "./session.js";

const load = (binding: NativeBinding, require: NodeJS.Require, nodes: readonly Node[]): number => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-graph-"));
  try {
    writeFileSync(join(folder, "saved_model.pb"), savedModel(require, nodes));
    return binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const bindingSession = (binding: NativeBinding, require: NodeJS.Require, nodes: readonly Node[]): Session => {
  const id = load(binding, require, nodes);
  return {
    run: ({ feeds, fetches }, values) => {
      const fed: number[] = [];
      try {
        for (let i = 0; i < feeds.length; i++)
          fed.push(binding.createTensor(feeds[i]!.shape, feeds[i]!.dtype, values[i]!));
        const feedNames = feeds.map(({ name }) => name).join(",");
        return binding.runSavedModel(id, fed, feedNames, fetches.join(",")).map(({ id }) => {
          const read = binding.tensorDataSync(id);
          binding.deleteTensor(id);
          return read;
        });
      } finally {
        for (const id of fed) binding.deleteTensor(id);
      }
    },
    dispose: () => binding.deleteSavedModel(id),
  };
};
