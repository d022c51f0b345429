/** A schedule is a weight over time: plain numbers that the host computes and feeds to each step under a name. */
import { VaelabError } from "../errors.js";

export interface ScheduleContext {
  /** Steps of the whole run. */
  totalSteps: number;
}
/** Values by training step: what the definition of a schedule makes, and the builder gives a name. */
export interface Curve {
  at(step: number): number;
  /** The value that validation and the choice of the best checkpoint use. */
  readonly final: number;
  /** The first step at which the curve has reached its end. One that never ends (cyclical) has none. */
  readonly end?: number;
}
/**
 * What a schedule is for: the weight of a term in a loss, the learning rate of an optimizer, or the value in nats that a term is
 * drawn to, or the temperature of relaxed draws. The slot in the schema of a component declares it, as `role`.
 */
export const SCHEDULE_ROLES = ["weight", "learning-rate", "target", "temperature"] as const;
export type ScheduleRole = (typeof SCHEDULE_ROLES)[number];

/** A curve whose value is fed to every step, and logged, under its name. */
export interface Schedule extends Curve {
  /** Where it stands in the spec, "objective.beta"; or what it is derived from and as what, "objective.beta.doubled". */
  readonly name: string;
  /** That of its slot, or of the schedule that it is derived from. */
  readonly role?: ScheduleRole;
  /** The schedule that this one is derived from. */
  readonly base?: Schedule;
  /**
   * Another curve, usually made from this one: scaled, delayed, clipped. It is fed and logged under "NAME.as". Derive schedules in
   * `create`: once steps run, what they are fed is settled.
   * @throws CONTRACT where there is one of that name
   */
  derive(as: string, curve: Curve): Schedule;
}

/** Name and `derive` are not enumerable: a spread copy has no name, and cannot be taken for the schedule that it was copied from. */
const named = (
  name: string,
  curve: Curve,
  all: Schedules,
  { role, base }: Pick<Schedule, "role" | "base">,
): Schedule => {
  const { final, end } = curve;
  const values = {
    at: (step: number) => curve.at(step),
    final,
    ...(end !== undefined && { end }),
    ...(role && { role }),
    ...(base && { base }),
  };
  const schedule: Schedule = Object.defineProperties(values, {
    name: { value: name },
    derive: { value: (as: string, other: Curve) => all.add(`${name}.${as}`, other, schedule) },
  }) as unknown as Schedule;
  return schedule;
};

/** The schedules of a run, by name. */
export class Schedules implements Iterable<Schedule> {
  readonly #byName = new Map<string, Schedule>();

  /** @param roles by name: what the slots of the spec declare */
  constructor(private readonly roles: ReadonlyMap<string, ScheduleRole> = new Map()) {}

  /** @throws CONTRACT where there is one of that name */
  add(name: string, curve: Curve, base?: Schedule): Schedule {
    if (this.#byName.has(name)) throw new VaelabError("CONTRACT", { message: `two schedules are named "${name}"` });
    const role = this.roles.get(name) ?? base?.role;
    const schedule = named(name, curve, this, { ...(role && { role }), ...(base && { base }) });
    this.#byName.set(name, schedule);
    return schedule;
  }

  get(name: string): Schedule | undefined {
    return this.#byName.get(name);
  }

  /** By name: what is fed at a step. */
  at(step: number): Record<string, number> {
    return Object.fromEntries(Array.from(this, (schedule) => [schedule.name, schedule.at(step)]));
  }

  /** By name: what validation is fed. */
  final(): Record<string, number> {
    return Object.fromEntries(Array.from(this, (schedule) => [schedule.name, schedule.final]));
  }

  [Symbol.iterator](): Iterator<Schedule> {
    return this.#byName.values();
  }
}
