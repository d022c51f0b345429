/** What laws of a component are told beside its definition. */
import type { Kind } from "../../contracts/kinds.js";
import { type Definition, typeOf } from "../../spec/define.js";
import type { ComponentOptions } from "../component.js";

export interface LawOptions extends ComponentOptions {
  /** What failures call the component; "prior/vamp" unless given. */
  name?: string;
}

export const nameOf = <K extends Kind>(definition: Definition<K>, { name }: LawOptions): string =>
  name ?? `${definition.kind}/${typeOf(definition)}`;
