/** A program's state and its constants as resource variables of a session: their nodes, and the calls that read and set them. */
import { VaelabError } from "../../core/errors.js";
import type { HostTensor, HostTensors } from "../../core/program.js";
import type { NativeBinding } from "../native/backend.js";
import type { Node } from "./graph.js";
import { UINT8 } from "./packed.js";
import type { Session, Signature } from "./session.js";

/** What a variable is set to. */
export interface Stored {
  shape: HostTensor["shape"];
  data: HostTensor["data"] | Uint8Array;
}

interface Variable {
  name: string;
  node: string;
  dtype: number;
  shape: HostTensor["shape"];
}

export class Variables {
  private readonly all: readonly Variable[];
  /** Without the constants. */
  private readonly state: readonly Variable[];
  private readonly byName: ReadonlyMap<string, Variable>;
  private readonly reading: Signature;
  /** By the names that are set. */
  private readonly writing = new Map<string, Signature>();

  constructor(
    private readonly binding: NativeBinding,
    initial: HostTensors,
    constants: Readonly<Record<string, Stored>> = {},
  ) {
    this.all = Object.entries({ ...initial, ...constants }).map(([name, { shape, data }], i) => ({
      name,
      node: `variable_${i}`,
      dtype: data instanceof Uint8Array ? UINT8 : data instanceof Int32Array ? binding.TF_INT32 : binding.TF_FLOAT,
      shape,
    }));
    this.byName = new Map(this.all.map((variable) => [variable.name, variable]));
    this.state = this.all.filter(({ name }) => !(name in constants));
    this.reading = { feeds: [], fetches: this.state.map(({ node }) => `${node}/value:0`), threads: 1 };
  }

  handle(name: string): string {
    return this.variable(name).node;
  }

  get nodes(): Node[] {
    const { TF_FLOAT } = this.binding;
    const one = { dtype: TF_FLOAT, shape: [], values: Float32Array.of(1) };
    return [
      { name: "one", op: "Const", inputs: [], attributes: { dtype: { type: TF_FLOAT }, value: { tensor: one } } },
      ...this.all.flatMap(({ node, dtype, shape }): Node[] => {
        const typed = { dtype: { type: dtype } };
        const shaped = { ...typed, shape: { shape } };
        return [
          {
            name: node,
            op: "VarHandleOp",
            inputs: [],
            attributes: { ...shaped, container: { string: "" }, shared_name: { string: node } },
          },
          { name: `${node}/value`, op: "ReadVariableOp", inputs: [node], attributes: typed },
          { name: `${node}/fed`, op: "Placeholder", inputs: [], attributes: shaped },
          // Fed buffers belong to JavaScript, and a variable keeps the buffer that it is given.
          { name: `${node}/copy`, op: "DeepCopy", inputs: [`${node}/fed`], attributes: { T: { type: dtype } } },
          { name: `${node}/set`, op: "AssignVariableOp", inputs: [node, `${node}/copy`], attributes: typed },
          {
            name: `${node}/done`,
            op: "Identity",
            inputs: ["one", `^${node}/set`],
            attributes: { T: { type: TF_FLOAT } },
          },
        ];
      }),
    ];
  }

  read(session: Session): HostTensors {
    if (this.state.length === 0) return {};
    const values = session.run(this.reading, []);
    return Object.fromEntries(
      this.state.map(({ name, shape }, i) => [name, { shape, data: values[i] as HostTensor["data"] }]),
    );
  }

  write(session: Session, state: Readonly<Record<string, Stored>>): void {
    const entries = Object.entries(state).map(([name, { data }]) => ({ data, ...this.variable(name) }));
    if (entries.length === 0) return;
    const key = Object.keys(state).join();
    const signature = this.writing.get(key) ?? {
      feeds: entries.map(({ node, dtype, shape }) => ({ name: `${node}/fed:0`, dtype, shape })),
      fetches: entries.map(({ node }) => `${node}/done:0`),
      threads: 1,
    };
    this.writing.set(key, signature);
    session.run(
      signature,
      entries.map(({ data }) => data),
    );
  }

  /** @throws CONTRACT when the value is not one for the variable of that name. */
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
