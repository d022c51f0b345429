/**
 * A program that runs as a graph. The first call of a variant with new input shapes records it and opens a session with all
 * concrete functions so far. The state moves to that session. There are few functions and many calls, and one session holds
 * one state.
 */
import type { HostTensors, Program, ProgramTools, RunningProgram } from "../../contracts/program.js";
import { mapValues } from "../../numerics/records.js";
import { isOutOfMemory } from "../../tensor/fault.js";
import { type PackedConstant, packedConstants, readPacked } from "./lower/packed-constants.js";
import { isLittle } from "./passes/cost-model.js";
import { divideProducts } from "./passes/divide-products.js";
import { optimize } from "./passes/optimize.js";
import { recordSteadily } from "./record/record-twice.js";
import { refuse } from "./record/refusal.js";
import { type Body, bodyKey, makeBody } from "./session/concrete-function.js";
import { openSession, type SessionTools } from "./session/open-session.js";
import type { Session } from "./session/session.js";
import { type Stored, Variables } from "./session/variables.js";

export interface CaptureTools extends SessionTools {
  kernels: ProgramTools["kernels"];
  /** Upper limit for TensorFlow's threads. */
  threads: number;
}

const copies = (state: HostTensors): HostTensors =>
  mapValues(state, ({ shape, data }) => ({ shape, data: data.slice() }));

export class CapturedProgram implements RunningProgram {
  readonly mode = "captured";
  private readonly variables: Variables;
  private readonly bodies = new Map<string, Body>();
  private readonly packed: ReadonlyMap<string, PackedConstant>;
  private readonly constants: Readonly<Record<string, Stored>>;
  private session: Session | undefined;
  /** Holds the state until a session exists. */
  private waiting: HostTensors;

  constructor(
    private readonly program: Program,
    private readonly tools: CaptureTools,
  ) {
    this.packed = tools.addon ? packedConstants(program.constants ?? {}, tools.addon) : new Map();
    this.constants = { ...program.constants, ...Object.fromEntries(this.packed) };
    this.variables = new Variables(tools.backend.binding, program.initialState, this.constants);
    this.waiting = program.initialState;
  }

  /** @throws CAPTURE, with the state as it was before the call, when a new variant or shape cannot be captured. */
  call(inputs: HostTensors, variant = ""): HostTensors {
    const key = bodyKey(inputs, variant);
    const body = this.bodies.get(key);
    return body && this.session ? body.run(this.session, inputs) : this.capture(key, inputs, variant);
  }

  readState(): HostTensors {
    return this.session ? this.variables.read(this.session) : copies(this.waiting);
  }

  writeState(state: HostTensors): void {
    this.variables.check(state);
    if (this.session) this.variables.write(this.session, state);
    else this.waiting = { ...this.waiting, ...copies(state) };
  }

  dispose(): void {
    this.session?.dispose();
    this.session = undefined;
    this.bodies.clear();
  }

  private capture(key: string, inputs: HostTensors, variant: string): HostTensors {
    const { program, tools, variables } = this;
    const state = this.session ? variables.read(this.session) : this.waiting;
    const recorded = recordSteadily(program, tools.kernels, { state, inputs, variant });
    const { TF_FLOAT: float, TF_INT32: int } = tools.backend.binding;
    const types = { float, int };
    const unpacked = readPacked(recorded, this.packed, types);
    const { addon } = tools;
    const short = optimize(unpacked, { ...types, ownKernels: addon !== undefined });
    const threads = isLittle(short, types) ? 1 : tools.threads;
    const tape = addon && threads > 1 ? divideProducts(short, { ...types, cache: addon.cache() }) : short;
    const body = makeBody(tools.backend.binding, key, tape, inputs, (name) => variables.handle(name), threads);
    const nodes = [...variables.nodes, ...[...this.bodies.values(), body].flatMap((each) => each.nodes)];
    let session: Session | undefined;
    try {
      session = openSession(tools, nodes, variables.all);
      variables.write(session, { ...state, ...this.constants });
      const outputs = body.run(session, inputs);
      this.session?.dispose();
      this.session = session;
      this.bodies.set(key, body);
      this.waiting = {};
      return outputs;
    } catch (error) {
      session?.dispose();
      // Eagerly it would run out of memory as well.
      if (isOutOfMemory(error)) throw error;
      throw refuse(
        {
          op: "TensorFlow",
          what: `refuses the graph: ${(error as Error).message.split("\n")[0]}`,
          owner: program.name,
        },
        error,
      );
    }
  }
}
