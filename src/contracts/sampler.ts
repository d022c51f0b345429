/** Samplers replace a trained model's prior afterwards: a density fitted to the codes of the training set, to draw codes from. */
import type { Points } from "../numerics/points.js";
import type { Stream } from "../numerics/streams.js";
import type { ProgramRunner } from "./program.js";

export interface LearnedSampler {
  /** Codes, row by row. */
  sample(count: number, uniform: Stream): Points | Promise<Points>;
  /** ln of the density that it draws from at each row, in nats; absent where it is not known. */
  logProb?(codes: Points): Float64Array | Promise<Float64Array>;
  /** How well it fits, in one line: the note of what is drawn from it. */
  readonly note: string;
}
/** ln sqrt|G| at codes, and its gradient, row by row. */
export type LogVolume = (codes: Points) => Promise<{ value: Float32Array; gradient: Float32Array }>;
/** q(z | x) of the training examples that a sampler learns from, each known by its row among the codes. */
export interface CodePosterior {
  /** A draw for each row. */
  draw(rows: Int32Array, uniform: Stream): Promise<Points>;
  /** ln 1/K sum_k q(z | x_k) of each code z, in nats, over K rows: for posteriors with the capability "evaluable". */
  logMixture(codes: Points, rows: Int32Array): Promise<Float64Array>;
  /**
   * Hands over ln sqrt|G| of the metric G of codes, for posteriors with the capability "metric".
   * @param count codes of each call
   */
  withLogVolume<T>(count: number, use: (at: LogVolume) => Promise<T>): Promise<T>;
}
export interface SamplerTools {
  /** Runs programs, such as the training of a network on the codes. */
  runner: ProgramRunner;
  posterior: CodePosterior;
}
export interface Sampler {
  /** @param codes posterior means of the training split (a draw where there is none), the latents side by side. */
  learn(codes: Points, uniform: Stream, tools: SamplerTools): LearnedSampler | Promise<LearnedSampler>;
}
