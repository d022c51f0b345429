/**
 * The border between programs, whose tensors stand in named groups, and engines, which know a tensor by one flat name: the names of
 * its groups and its own, joined by slashes.
 */
import type { Host, HostTensors, Path, Program, RunningProgram } from "../contracts/program.js";
import { VaelabError } from "../errors.js";
import type { Bindings } from "../tensor/parameters.js";

export const nameAt = (path: Path): string => path.join("/");

type Group = Readonly<Record<string, unknown>>;
/** A tensor, of the host or of an engine. */
const isTensor = (value: object): boolean => "shape" in value && Array.isArray(value.shape);

/** Flattens groups, and makes groups again of the names that it gave. */
class Names {
  private readonly paths = new Map<string, Path>();
  /** Groups without tensors: nothing else would bring them back. */
  private readonly empty = new Map<string, Path>();

  flat<T>(groups: object): Record<string, T> {
    const tensors: Record<string, T> = {};
    const visit = (group: Group, path: Path): void => {
      const members = Object.entries(group);
      if (members.length === 0 && path.length > 0) this.empty.set(nameAt(path), path);
      for (const [key, value] of members) {
        if (typeof value !== "object" || value === null) continue;
        const at = [...path, key];
        if (!isTensor(value)) visit(value as Group, at);
        else tensors[this.take(at)] = value as T;
      }
    };
    visit(groups as Group, []);
    return tensors;
  }

  grouped(tensors: Readonly<Record<string, unknown>>): object {
    const groups: Record<string, unknown> = {};
    const groupAt = (path: Path): Record<string, unknown> =>
      path.reduce<Record<string, unknown>>((group, key) => (group[key] ??= {}) as Record<string, unknown>, groups);
    for (const path of this.empty.values()) groupAt(path);
    for (const [name, tensor] of Object.entries(tensors)) {
      const path = this.paths.get(name) ?? [name];
      groupAt(path.slice(0, -1))[path.at(-1)!] = tensor;
    }
    return groups;
  }

  private take(path: Path): string {
    const name = nameAt(path);
    const known = this.paths.get(name);
    if (known?.some((key, i) => key !== path[i]))
      throw new VaelabError("CONTRACT", { message: `two tensors of a program have the name "${name}"` });
    if (!known) this.paths.set(name, path);
    return name;
  }
}

export interface Flattened<State, Inputs, Outputs> {
  program: Program;
  inputs(groups: Host<Inputs>): HostTensors;
  state(groups: object): HostTensors;
  outputsOf(flat: HostTensors, variant?: string): Host<Outputs>;
  stateOf(flat: HostTensors): Host<State>;
}

export const flatten = <State, Inputs, Outputs>({
  name,
  initialState,
  constants,
  run,
}: Program<State, Inputs, Outputs>): Flattened<State, Inputs, Outputs> => {
  const [state, inputs] = [new Names(), new Names()];
  /** By variant: each has groups of its own, and empty ones too. */
  const outputs = new Map<string, Names>();
  const outputsOf = (variant: string): Names => {
    const known = outputs.get(variant) ?? new Names();
    outputs.set(variant, known);
    return known;
  };
  return {
    program: {
      name,
      initialState: state.flat(initialState as object),
      ...(constants && { constants: inputs.flat(constants) }),
      run: (flatState, flatInputs, tools, variant) => {
        const result = run(state.grouped(flatState) as State, inputs.grouped(flatInputs) as Inputs, tools, variant);
        return {
          outputs: outputsOf(variant).flat(result.outputs as object) as Bindings,
          state: state.flat(result.state) as Bindings,
        };
      },
    },
    inputs: (groups) => inputs.flat(groups as object),
    state: (groups) => state.flat(groups),
    outputsOf: (flat, variant = "") => outputsOf(variant).grouped(flat) as Host<Outputs>,
    stateOf: (flat) => state.grouped(flat) as Host<State>,
  };
};

/** Starts the flat program, and hands groups in and out. */
export const startFlat = <State, Inputs, Outputs>(
  program: Program<State, Inputs, Outputs>,
  start: (flat: Program) => RunningProgram,
): RunningProgram<State, Inputs, Outputs> => {
  const flat = flatten(program);
  const running = start(flat.program);
  return {
    get mode() {
      return running.mode;
    },
    call: (inputs, variant) => flat.outputsOf(running.call(flat.inputs(inputs), variant), variant),
    readState: () => flat.stateOf(running.readState()),
    writeState: (state) => running.writeState(flat.state(state as object)),
    dispose: () => running.dispose(),
  };
};
