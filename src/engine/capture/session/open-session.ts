/** Opens a session with the addon if the engine has it, else with the binding of tfjs-node. */
import type { NativeBackend } from "../../native/backend.js";
import type { SessionAddon, SessionCall, SessionHandle, Slot, Values } from "../../native/session-addon.js";
import { graphDefinition, type Node } from "../lower/graph.js";
import { bindingSession } from "./binding-session.js";
import type { Session, Signature } from "./session.js";

export interface SessionTools {
  backend: NativeBackend;
  /** Loads from the folder that the running tfjs-node came from. */
  require: NodeJS.Require;
  /** Present if vaelab built the engine; another tfjs-node uses the sessions of its binding. */
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

/** @param variables the variables of the nodes. */
export const openSession = (
  { backend, require, addon }: SessionTools,
  nodes: readonly Node[],
  variables: readonly Slot[],
): Session =>
  addon
    ? new AddonSession(addon, graphDefinition(require, nodes))
    : bindingSession(backend.binding, require, nodes, variables);
