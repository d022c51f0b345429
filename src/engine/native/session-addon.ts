/** The sessions of engine/session.cc and the ops of engine/ops.cc, built with the binding. */
import { existsSync } from "node:fs";
import { join } from "node:path";

export const SESSION_ADDON = "session.node";

declare const session: unique symbol;
declare const call: unique symbol;
/** Memory of the addon's, freed when JavaScript forgets it. */
export type SessionHandle = { readonly [session]: true };
export type SessionCall = { readonly [call]: true };

export type Values = Float32Array | Int32Array | Uint8Array;

/** A named place for a tensor: one that is fed ("node:0"), or a variable (what its VarHandleOp shares it as). */
export interface Slot {
  name: string;
  /** TensorFlow's number. */
  dtype: number;
  shape: readonly number[];
}

export interface SessionAddon {
  /** @param graph a serialized GraphDef. */
  open(graph: Uint8Array): SessionHandle;
  /** Frees the graph and its variables; running a call of it then throws. */
  close(session: SessionHandle): void;
  /** Sessions that are open. */
  count(): number;
  /** Bytes of a core's second-level cache, as TensorFlow reads it. */
  cache(): number;
  /** @param threads how many run it, the calling one among them. */
  prepare(session: SessionHandle, feeds: readonly Slot[], fetches: readonly string[], threads: number): SessionCall;
  run(call: SessionCall, values: readonly Values[]): Values[];
  /** As `run`; the last result is a serialized RunMetadata with the time of every op. */
  run(call: SessionCall, values: readonly Values[], traced: true): Values[];
  write(session: SessionHandle, variables: readonly Slot[], values: readonly Values[]): void;
  read(session: SessionHandle, variables: readonly Slot[]): Values[];
  /** The bytes that the values are, each over `divisor`; none where one of them is no such number. */
  pack(values: Float32Array, divisor: number): Uint8Array | undefined;
}

/** @param folder of the engine. A tfjs-node that somebody else installed has none. */
export const hasSessionAddon = (folder: string): boolean => existsSync(join(folder, SESSION_ADDON));

export const sessionAddon = (folder: string, require: NodeJS.Require): SessionAddon | undefined =>
  hasSessionAddon(folder) ? (require(`./${SESSION_ADDON}`) as SessionAddon) : undefined;
