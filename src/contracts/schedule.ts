/** A schedule is a weight over time: plain numbers, computed on the host and fed to each step. */
export interface ScheduleContext {
  /** Steps of the whole run. */
  totalSteps: number;
}
export interface Schedule {
  at(step: number): number;
  /** The value that validation and the choice of the best checkpoint use. */
  readonly final: number;
  /** The first step at which it has reached its end; a schedule that never ends (cyclical) has none. */
  readonly end?: number;
}
