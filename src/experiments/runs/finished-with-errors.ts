/** The error of work that is finished: all that could be written is written, and something in it is wrong. */
import { type ErrorCode, type Problem, VaelabError } from "../../errors.js";

/** Where a run, a sweep or a later evaluation of a run has its files. */
export interface Written {
  folder: string;
  kind: "run" | "sweep" | "evaluation";
}

/** Figures that are not finite, or trials of a sweep that failed. The other figures are at `written`. */
export class FinishedWithErrors extends VaelabError {
  constructor(
    code: ErrorCode,
    problem: Problem,
    readonly written: Written,
    options?: ErrorOptions,
  ) {
    super(code, problem, options);
  }
}
