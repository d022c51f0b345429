/** A session of tfjs-node's binding. It loads a saved model from a folder and resolves names at every call. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeBinding } from "../../native/backend.js";
import type { Slot, Values } from "../../native/session-addon.js";
import { type Node, savedModel, TAG } from "../lower/graph.js";
import type { Session } from "./session.js";

const value = ({ name }: Slot): string => `${name}/value`;
const fed = ({ name }: Slot): string => `${name}/fed`;
const done = ({ name }: Slot): string => `${name}/done`;

/** Nodes that read and set variables, because this binding has no other way. */
const accessNodes = (float: number, variables: readonly Slot[]): Node[] => {
  const one = { dtype: float, shape: [], values: Float32Array.of(1) };
  return [
    { name: "one", op: "Const", inputs: [], attributes: { dtype: { type: float }, value: { tensor: one } } },
    ...variables.flatMap((variable): Node[] => {
      const { name, dtype, shape } = variable;
      const typed = { dtype: { type: dtype } };
      const written = { T: { type: float } };
      return [
        { name: value(variable), op: "ReadVariableOp", inputs: [name], attributes: typed },
        { name: fed(variable), op: "Placeholder", inputs: [], attributes: { ...typed, shape: { shape } } },
        // A variable keeps the buffer that it is given, and fed buffers belong to JavaScript.
        { name: `${name}/copy`, op: "DeepCopy", inputs: [fed(variable)], attributes: { T: { type: dtype } } },
        { name: `${name}/set`, op: "AssignVariableOp", inputs: [name, `${name}/copy`], attributes: typed },
        { name: done(variable), op: "Identity", inputs: ["one", `^${name}/set`], attributes: written },
      ];
    }),
  ];
};

const load = (binding: NativeBinding, require: NodeJS.Require, nodes: readonly Node[]): number => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-graph-"));
  try {
    writeFileSync(join(folder, "saved_model.pb"), savedModel(require, nodes));
    return binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const bindingSession = (
  binding: NativeBinding,
  require: NodeJS.Require,
  nodes: readonly Node[],
  variables: readonly Slot[],
): Session => {
  const id = load(binding, require, [...nodes, ...accessNodes(binding.TF_FLOAT, variables)]);
  const run = (feeds: readonly Slot[], fetches: readonly string[], values: readonly Values[]): Values[] => {
    const given: number[] = [];
    try {
      for (let i = 0; i < feeds.length; i++)
        given.push(binding.createTensor(feeds[i]!.shape, feeds[i]!.dtype, values[i]!));
      const feedNames = feeds.map(({ name }) => name).join(",");
      return binding.runSavedModel(id, given, feedNames, fetches.join(",")).map(({ id }) => {
        const read = binding.tensorDataSync(id);
        binding.deleteTensor(id);
        return read;
      });
    } finally {
      for (const id of given) binding.deleteTensor(id);
    }
  };
  const output = (node: string): string => `${node}:0`;
  return {
    run: ({ feeds, fetches }, values) => run(feeds, fetches, values),
    write: (written, values) => {
      const feeds = written.map((variable) => ({ ...variable, name: output(fed(variable)) }));
      run(feeds, written.map(done).map(output), values);
    },
    read: (wanted) => run([], wanted.map(value).map(output), []),
    dispose: () => binding.deleteSavedModel(id),
  };
};
