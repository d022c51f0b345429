/** Slots in JSON Schemas: where a component of some kind stands, and how json-schema-to-ts types what stands there. */
import type { ExtendedJSONSchema } from "json-schema-to-ts";
import type { Kind } from "../contracts/kinds.js";
import type { ScheduleRole } from "../contracts/schedule.js";

/**
 * Marks a slot in a schema: what stands there names a component of this kind. A deferred slot hands the factory a function that builds
 * the component in a context that the factory states, or not at all. A slot of a schedule says what it is for.
 */
export type Slot = { component: Kind; deferred?: true; role?: ScheduleRole };
export type Schema = ExtendedJSONSchema<Slot>;

type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (member: infer I) => void ? I : never;
type OneOf<U> =
  Intersection<U extends unknown ? (member: U) => void : never> extends (member: infer L) => void ? L : never;
/** The members of a union as a tuple, in any order. */
type TupleOf<U, L = OneOf<U>> = [U] extends [never] ? [] : [...TupleOf<Exclude<U, L>>, L];
type Patterns<Marks, Outputs, Names> = {
  [I in keyof Names]: { pattern: Marks & { component: Names[I] }; output: Outputs[Names[I] & keyof Outputs] };
};
type Outputs = Readonly<Record<Kind, unknown>>;
/** The patterns by which json-schema-to-ts gives every slot the type that `Built`, or `Deferred` if it is deferred, has for its kind. */
export type SlotsAs<Built extends Outputs, Deferred extends Outputs = Built> = [
  ...Patterns<{ deferred?: undefined }, Built, TupleOf<Kind>>,
  ...Patterns<{ deferred: true }, Deferred, TupleOf<Kind>>,
];
