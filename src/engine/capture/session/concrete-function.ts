/** One variant of a program at one set of input shapes, as nodes, and the call that runs it. */
import { createHash } from "node:crypto";
import type { HostTensor, HostTensors } from "../../../contracts/program.js";
import type { NativeBinding } from "../../native/backend.js";
import type { Values } from "../../native/session-addon.js";
import type { Node } from "../lower/graph.js";
import { lower } from "../lower/lower.js";
import type { Tape } from "../tape/tape.js";
import { fetchNodes, inputNodes } from "./io-nodes.js";
import type { Session, Signature } from "./session.js";

export interface Body {
  nodes: readonly Node[];
  run(session: Session, inputs: HostTensors): HostTensors;
}

/** Identifies a concrete function. */
export const bodyKey = (inputs: HostTensors, variant: string): string => {
  let key = variant;
  for (const name in inputs) {
    const { shape, data } = inputs[name]!;
    key += `|${name}${data instanceof Int32Array ? "#" : ":"}${shape.join(",")}`;
  }
  return key;
};

const hostData = (values: Values): HostTensor["data"] =>
  values instanceof Uint8Array ? Int32Array.from(values) : values;

export const makeBody = (
  binding: NativeBinding,
  key: string,
  tape: Tape,
  inputs: HostTensors,
  handle: (variable: string) => string,
  threads: number,
): Body => {
  // Named after the computation, so the graph and its bits do not depend on which function came first.
  const prefix = `body_${createHash("sha256").update(key).digest("hex").slice(0, 12)}`;
  const { nodes: fed, node, separate, together, vector } = inputNodes(binding, prefix, inputs);
  const { nodes, value, writers, inputs: used } = lower(tape, { prefix, handle, float: binding.TF_FLOAT, input: node });
  const { nodes: read, fetches } = fetchNodes(binding, prefix, tape, value, writers);

  const feeds = separate.filter(({ name }) => used.includes(name));
  const feedsScalars = together.some((name) => used.includes(name));
  const call: Signature = {
    feeds: [...feeds.map(({ feed }) => feed), ...(feedsScalars ? [vector] : [])],
    fetches: fetches.map(({ name }) => name),
    threads,
  };
  return {
    nodes: [...fed, ...nodes, ...read],
    run: (session, inputs) => {
      const values = feeds.map(({ name }) => inputs[name]!.data);
      if (feedsScalars) values.push(Float32Array.from(together, (name) => inputs[name]!.data[0]!));
      const results = session.run(call, values);
      const outputs: Record<string, HostTensor> = {};
      fetches.forEach(({ outputs: members }, i) => {
        const data = hostData(results[i]!);
        let start = 0;
        for (const { name, shape, size } of members) {
          outputs[name] = { shape, data: members.length === 1 ? data : data.slice(start, start + size) };
          start += size;
        }
      });
      return outputs;
    },
  };
};
