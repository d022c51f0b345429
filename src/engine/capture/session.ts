/** A native session: a graph loaded once, called with fed tensors, read by name. Its variables live as long as it does. */
import type { NativeBackend } from "../native/backend.js";
import type { SessionAddon, SessionCall, SessionHandle, Slot, Values } from "../native/session-addon.js";
import { bindingSession } from "./binding-session.js";
import { graphDefinition, type Node } from "./graph.js";

/** What is fed and fetched, of one kind of call. */
export interface Signature {
  feeds: readonly Slot[];
  /** As "node:output". */
  fetches: readonly string[];
  /** How many threads run it, the calling one among them. */
  threads: number;
}

export interface Session {
  /** @param values one for each feed; TensorFlow may read them in place, so that nothing in the graph may keep them. */
  run(signature: Signature, values: readonly Values[]): Values[];
  /** Sets variables to copies of the values. */
  write(variables: readonly Slot[], values: readonly Values[]): void;
  read(variables: readonly Slot[]): Values[];
  dispose(): void;
}

export interface SessionTools {
  backend: NativeBackend;
  /** Loads from the folder that the running tfjs-node came from. */
  require: NodeJS.Require;
  /** Where the engine was built by us; another tfjs-node's sessions are its binding's. */
  addon?: SessionAddon;
}

class AddonSession implements Session {
  private readonly handle: SessionHandle;
  private readonly calls = new Map<Signature, SessionCall>();

  constructor(
    private readonly addon: SessionAddon,
    graph: Uint8Array,
  ) {
    this.handle = addon.open(graph);
  }

  run(signature: Signature, values: readonly Values[]): Values[] {
    return this.addon.run(this.prepared(signature), values);
  }

  write(variables: readonly Slot[], values: readonly Values[]): void {
    this.addon.write(this.handle, variables, values);
  }

  read(variables: readonly Slot[]): Values[] {
    return this.addon.read(this.handle, variables);
  }

  dispose(): void {
    this.calls.clear();
    this.addon.close(this.handle);
  }

  private prepared(signature: Signature): SessionCall {
    const known = this.calls.get(signature);
    if (known) return known;
    const call = this.addon.prepare(this.handle, signature.feeds, signature.fetches, signature.threads);
    this.calls.set(signature, call);
    return call;
  }
}

/** @param variables those of the nodes. */
export const openSession = (
  { backend, require, addon }: SessionTools,
  nodes: readonly Node[],
  variables: readonly Slot[],
): Session =>
  addon
    ? new AddonSession(addon, graphDefinition(require, nodes))
    : bindingSession(backend.binding, require, nodes, variables);
