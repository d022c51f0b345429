/** The sessions of engine/session.cc and the ops of engine/ops.cc, built with the binding. */
import { existsSync } from "node:fs";
import { join } from "node:path";

export const SESSION_ADDON = "session.node";

declare const session: unique symbol;
declare const call: unique symbol;
/** Memory of the addon, freed by garbage collection. */
export type SessionHandle = { readonly [session]: true };
export type SessionCall = { readonly [call]: true };

export type Values = Float32Array | Int32Array | Uint8Array;

/** A named slot for a tensor: a feed ("node:0") or a variable (the shared name of its VarHandleOp). */
export interface Slot {
  name: string;
  /** TensorFlow's number. */
  dtype: number;
  shape: readonly number[];
}

export interface SessionAddon {
  /** @param graph a serialized GraphDef. */
  open(graph: Uint8Array): SessionHandle;
  /** Frees the graph and its variables. Later calls throw. */
  close(session: SessionHandle): void;
  /** Number of open sessions. */
  count(): number;
  /** Bytes of a core's second-level cache, as TensorFlow reads it. */
  cache(): number;
  /** @param threads number of threads, including the calling one. */
  prepare(session: SessionHandle, feeds: readonly Slot[], fetches: readonly string[], threads: number): SessionCall;
  run(call: SessionCall, values: readonly Values[]): Values[];
  /** As `run`; the last result is a serialized RunMetadata with the time of every op. */
  run(call: SessionCall, values: readonly Values[], traced: true): Values[];
  write(session: SessionHandle, variables: readonly Slot[], values: readonly Values[]): void;
  read(session: SessionHandle, variables: readonly Slot[]): Values[];
  /** The values as bytes, each over `divisor`; undefined if a value is not such a number. */
  pack(values: Float32Array, divisor: number): Uint8Array | undefined;
}

/** @param folder the engine folder. A tfjs-node from elsewhere has no addon. */
export const hasSessionAddon = (folder: string): boolean => existsSync(join(folder, SESSION_ADDON));

export const sessionAddon = (folder: string, require: NodeJS.Require): SessionAddon | undefined =>
  hasSessionAddon(folder) ? (require(`./${SESSION_ADDON}`) as SessionAddon) : undefined;
