/** The time of day for what a run writes about itself, and elapsed time for rates and durations. No result depends on either. */
export interface Clock {
  date(): Date;
  /** Since some fixed moment; never runs backwards. */
  milliseconds(): number;
}

export const systemClock: Clock = { date: () => new Date(), milliseconds: () => performance.now() };
