/**
 * The state and constants of a program as resource variables of a session: their nodes, and the calls that read and set them.
 */

import type { HostTensor, HostTensors } from "../../../contracts/program.js";
import { VaelabError } from "../../../errors.js";
import type { NativeBinding } from "../../native/backend.js";
import type { Slot, Values } from "../../native/session-addon.js";
import type { Node } from "../lower/graph.js";
import { UINT8 } from "../lower/packed-constants.js";
import type { Session } from "./session.js";

/** New values of a variable. */
export interface Stored {
  shape: HostTensor["shape"];
  data: Values;
}

/** By the program's name for it. */
interface Variable extends Slot {
  stateName: string;
}

export class Variables {
  readonly all: readonly Variable[];
  /** Without the constants. */
  private readonly state: readonly Variable[];
  private readonly byName: ReadonlyMap<string, Variable>;

  constructor(
    private readonly binding: NativeBinding,
    initial: HostTensors,
    constants: Readonly<Record<string, Stored>> = {},
  ) {
    this.all = Object.entries({ ...initial, ...constants }).map(([stateName, { shape, data }], i) => ({
      stateName,
      name: `variable_${i}`,
      dtype: data instanceof Uint8Array ? UINT8 : data instanceof Int32Array ? binding.TF_INT32 : binding.TF_FLOAT,
      shape,
    }));
    this.byName = new Map(this.all.map((variable) => [variable.stateName, variable]));
    this.state = this.all.filter(({ stateName }) => !(stateName in constants));
  }

  handle(name: string): string {
    return this.variable(name).name;
  }

  get nodes(): Node[] {
    return this.all.map(({ name, dtype, shape }) => ({
      name,
      op: "VarHandleOp",
      inputs: [],
      attributes: {
        dtype: { type: dtype },
        shape: { shape },
        container: { string: "" },
        shared_name: { string: name },
      },
    }));
  }

  read(session: Session): HostTensors {
    if (this.state.length === 0) return {};
    const values = session.read(this.state);
    return Object.fromEntries(
      this.state.map(({ stateName, shape }, i) => [stateName, { shape, data: values[i] as HostTensor["data"] }]),
    );
  }

  write(session: Session, state: Readonly<Record<string, Stored>>): void {
    const names = Object.keys(state);
    if (names.length === 0) return;
    session.write(
      names.map((name) => this.variable(name)),
      names.map((name) => state[name]!.data),
    );
  }

  /** @throws CONTRACT if the value does not fit the variable of that name. */
  check(state: HostTensors): void {
    for (const [name, { shape, data }] of Object.entries(state)) {
      const { shape: own, dtype } = this.variable(name);
      const isInteger = dtype === this.binding.TF_INT32;
      if (shape.join() !== own.join() || data instanceof Int32Array !== isInteger)
        throw new VaelabError("CONTRACT", {
          message: `the state "${name}" is ${isInteger ? "int32" : "float32"} [${own}] and cannot become [${shape}]`,
        });
    }
  }

  private variable(name: string): Variable {
    const variable = this.byName.get(name);
    if (!variable) throw new VaelabError("CONTRACT", { message: `the program has no state "${name}"` });
    return variable;
  }
}
