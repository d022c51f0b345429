/** A native session: a graph loaded once, called with fed tensors, read by name. Its variables live as long as it does. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Shape } from "../../core/fields.js";
import type { HostTensor } from "../../core/program.js";
import type { NativeBinding } from "../native/backend.js";
import { type Node, savedModel, TAG } from "./graph.js";

export interface Feed {
  /** "node:0" */
  name: string;
  dtype: number;
  shape: Shape;
}

/** What is fed and fetched, in the form that the binding takes. */
export interface Signature {
  feeds: readonly Feed[];
  feedNames: string;
  fetchNames: string;
}
export const signature = (feeds: readonly Feed[], fetches: readonly string[]): Signature => ({
  feeds,
  feedNames: feeds.map(({ name }) => name).join(","),
  fetchNames: fetches.join(","),
});

export type Values = Float32Array | Int32Array | Uint8Array;

export class Session {
  private readonly id: number;

  constructor(
    private readonly binding: NativeBinding,
    require: NodeJS.Require,
    nodes: readonly Node[],
  ) {
    const folder = mkdtempSync(join(tmpdir(), "vaelab-graph-"));
    try {
      writeFileSync(join(folder, "saved_model.pb"), savedModel(require, nodes));
      this.id = binding.loadSavedModel(folder, TAG);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** @param values one for each feed; TensorFlow may read them in place, so that nothing in the graph may keep them. */
  run({ feeds, feedNames, fetchNames }: Signature, values: readonly HostTensor["data"][]): Values[] {
    const { binding } = this;
    const fed: number[] = [];
    try {
      for (let i = 0; i < feeds.length; i++)
        fed.push(binding.createTensor(feeds[i]!.shape, feeds[i]!.dtype, values[i]!));
      const fetched = binding.runSavedModel(this.id, fed, feedNames, fetchNames);
      return fetched.map(({ id }) => {
        const read = binding.tensorDataSync(id);
        binding.deleteTensor(id);
        return read;
      });
    } finally {
      for (const id of fed) binding.deleteTensor(id);
    }
  }

  dispose(): void {
    this.binding.deleteSavedModel(this.id);
  }
}
