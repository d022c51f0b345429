/**
 * The parameters of a model. A component declares parameters by name when it is built and reads `value` when it is called.
 * The tensors belong to the state of the step, which the store binds for one call.
 */
import { VaelabError } from "../errors.js";
import { stream } from "../numerics/streams.js";
import { type Drawing, drawing, drawn } from "./drawing.js";
import { type Shape, sizeOf } from "./fields.js";
import type { Initializer } from "./initializers.js";
import { stopGradient, type Tensor } from "./tensor.js";

export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  /** False for statistics that a step updates itself, such as moving averages: no gradient, no optimizer. */
  readonly trainable: boolean;
  /** Generation reads it as well as inference, as it does a codebook: a refit of the inference network leaves it alone. */
  readonly shared: boolean;
  /**
   * Inside a step or an evaluation only. Posteriors read theirs in `at`, not in the distribution that it returns. What a step
   * assigned to a statistic is what it reads from then on: two calls of a layer move it twice.
   */
  readonly value: Tensor;
  /** Sets the value of a statistic for the next step. */
  assign(value: Tensor): void;
}

export interface ParameterOptions extends Partial<Pick<Parameter, "trainable" | "shared">> {
  /** The parameter whose stream the initial values are drawn from, if not its own. */
  drawnAs?: string;
}
export interface ParameterScope {
  (name: string, shape: Shape, initializer: Initializer, options?: ParameterOptions): Parameter;
  /** A nested scope; its names start with this name. */
  scope(name: string): ParameterScope;
}

/** 2 GB of float32: what TensorFlow takes in one message, and more than a machine that would train it has to spare. */
const MOST_VALUES = 2 ** 29;

export type InitialValues = Readonly<Record<string, { shape: Shape; data: Float32Array }>>;
export type Bindings = Readonly<Record<string, Tensor>>;
interface CollectedAssignments {
  assigned: Record<string, Tensor>;
  /** The same by the bindings that it replaces: those of a copy are not those of the original. */
  latest: Map<Bindings, Record<string, Tensor>>;
}
interface Declaration {
  parameter: Parameter;
  initializer: Initializer;
  /** Name of the parameter whose random stream draws it. */
  drawnAs: string;
}

export class ParameterStore {
  private readonly declared = new Map<string, Declaration>();
  private bound: Bindings[] = [];
  private collected: CollectedAssignments | undefined;
  private unassignable = 0;
  private fixed = 0;
  private isFrozen: (name: string) => boolean = () => false;

  get parameters(): readonly Parameter[] {
    return [...this.declared.values()].map(({ parameter }) => parameter);
  }

  scope(prefix = ""): ParameterScope {
    const nameOf = (name: string): string => (prefix ? `${prefix}/${name}` : name);
    const declare = (name: string, shape: Shape, initializer: Initializer, options?: ParameterOptions): Parameter =>
      this.declare(nameOf(name), shape, initializer, {
        trainable: true,
        shared: false,
        drawnAs: nameOf(name),
        ...options,
      });
    return Object.assign(declare, { scope: (name: string) => this.scope(nameOf(name)) });
  }

  /** Runs `body` with parameters read from `bindings` first, then from the enclosing bindings. */
  bind<T>(bindings: Bindings, body: () => T): T {
    this.bound.push(bindings);
    try {
      return body();
    } finally {
      this.bound.pop();
    }
  }

  /** Collects the values assigned to statistics while `body` runs. */
  collectAssignments<T>(body: () => T): { result: T; assigned: Record<string, Tensor> } {
    const outer = this.collected;
    const collected: CollectedAssignments = { assigned: {}, latest: new Map() };
    this.collected = collected;
    try {
      return { result: body(), assigned: collected.assigned };
    } finally {
      this.collected = outer;
    }
  }

  /** Runs `body`; the statistics that it assigns stay as they are. */
  withoutAssignments<T>(body: () => T): T {
    this.unassignable += 1;
    try {
      return body();
    } finally {
      this.unassignable -= 1;
    }
  }

  /** Runs `body`; the parameters that it reads get no gradient. */
  withoutGradients<T>(body: () => T): T {
    this.fixed += 1;
    try {
      return body();
    } finally {
      this.fixed -= 1;
    }
  }

  /** From now on, what steps assign to these statistics is dropped. */
  freeze(isFrozen: (name: string) => boolean): void {
    this.isFrozen = isFrozen;
  }

  /** Initial value of each parameter, drawn without a pause. */
  initialValues(seed: number): InitialValues {
    return drawn(this.drawInitialValues(seed));
  }

  /** The same bit by bit. Each stream is named after its parameter, so the order of declaration does not matter. */
  *drawInitialValues(seed: number): Drawing<InitialValues> {
    const values: Record<string, InitialValues[string]> = {};
    const total = this.size;
    let done = 0;
    for (const { parameter, initializer, drawnAs } of this.declared.values()) {
      const { name, shape } = parameter;
      const own = drawing(initializer(shape, stream(seed, `init/${drawnAs}`)));
      let next = own.next();
      for (; !next.done; next = own.next()) yield (done + next.value * sizeOf(shape)) / total;
      const data = next.value;
      if (data.length !== sizeOf(shape)) {
        throw new VaelabError("CONTRACT", {
          message: `the initializer of "${name}" gave ${data.length} values for the shape [${shape}]`,
        });
      }
      values[name] = { shape, data };
      done += data.length;
      yield done / total;
    }
    return values;
  }

  /** Zeros, for parameters whose values come from a checkpoint. */
  blankValues(): InitialValues {
    return Object.fromEntries(
      this.parameters.map(({ name, shape }) => [name, { shape, data: new Float32Array(sizeOf(shape)) }]),
    );
  }

  /** Values of all parameters together. */
  get size(): number {
    return this.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  private declare(
    name: string,
    shape: Shape,
    initializer: Initializer,
    { trainable, shared, drawnAs }: Required<ParameterOptions>,
  ): Parameter {
    if (this.declared.has(name))
      throw new VaelabError("CONTRACT", { message: `the parameter "${name}" is declared twice` });
    if (sizeOf(shape) > MOST_VALUES)
      throw new VaelabError("SPEC_COMBINATION", {
        message: `the parameter "${name}" would hold ${shape.join(" x ")} values, and ${MOST_VALUES} is the most`,
        remedy: "Make the part that it belongs to smaller.",
      });
    const binding = (): Bindings => {
      const found = this.bound.findLast((bindings) => bindings[name]);
      if (found) return found;
      throw new VaelabError("CONTRACT", { message: `the parameter "${name}" was read outside a step` });
    };
    const read = (): Tensor => {
      const bindings = binding();
      const value = this.collected?.latest.get(bindings)?.[name] ?? bindings[name]!;
      return this.fixed > 0 ? stopGradient(value) : value;
    };
    const parameter: Parameter = {
      name,
      shape,
      trainable,
      shared,
      get value() {
        return read();
      },
      assign: (value) => {
        if (trainable)
          throw new VaelabError("CONTRACT", { message: `"${name}" is trained, so a step cannot assign it` });
        const bindings = binding();
        if (!this.collected || this.unassignable > 0 || this.isFrozen(name)) return;
        this.collected.assigned[name] = value;
        this.collected.latest.set(bindings, { ...this.collected.latest.get(bindings), [name]: value });
      },
    };
    this.declared.set(name, { parameter, initializer, drawnAs });
    return parameter;
  }
}
