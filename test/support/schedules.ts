/** Schedules with names, as the builder gives them. */
import { type Curve, type Schedule, Schedules } from "../../src/contracts/schedule.js";

/** @param curve a number: at every step */
export const named = (name: string, curve: number | Curve): Schedule =>
  new Schedules().add(name, typeof curve === "number" ? { at: () => curve, final: curve } : curve);
