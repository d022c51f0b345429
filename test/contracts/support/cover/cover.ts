/** The design over all parts of a spec: which combinations run, which are refused, and what is neither. */
import { VaelabError } from "../../../../src/errors.js";
import { stream } from "../../../../src/numerics/streams.js";
import type { Experiment } from "../../../../src/registry/experiment.js";
import { loadWritten } from "../../../../src/testing/experiment.js";
import { FACTORS, specOf } from "./factors.js";
import { type Design, pairwise, type Row, type Verdict } from "./pairwise.js";
import { faultOfRefusal, namedBy, reasonOf } from "./refusals.js";

/** A combination that neither runs nor is refused as it should be. */
export interface Fault {
  row: Row;
  message: string;
}
export interface Cover extends Design {
  /** Refused rows by reason. */
  refused: Readonly<Record<string, number>>;
  faults: readonly Fault[];
}

export const load = (row: Row): Promise<Experiment> => loadWritten(specOf(row));

/** Validates; trains nothing. @param most rows after which to stop */
export const coverDesign = async (seed: number, most?: number): Promise<Cover> => {
  const refused: Record<string, number> = {};
  const faults = new Map<string, Fault>();
  const fault = (row: Row, message: string): void => {
    if (!faults.has(message)) faults.set(message, { row, message });
  };
  const test = async (row: Row): Promise<Verdict> => {
    try {
      await load(row);
      return { ok: true };
    } catch (error) {
      if (!(error instanceof VaelabError) || error.code !== "SPEC_COMBINATION") {
        fault(row, `validation throws: ${(error as Error).message}`);
        return { ok: false, exclusions: [] };
      }
      for (const problem of error.problems) {
        const reason = reasonOf(problem);
        refused[reason] = (refused[reason] ?? 0) + 1;
        const wrong = faultOfRefusal(problem, row);
        if (wrong) fault(row, `the refusal "${reason}": ${wrong}`);
      }
      const exclusions = error.problems.flatMap((problem) => namedBy(problem, row));
      return { ok: false, exclusions: exclusions.filter((each) => Object.keys(each).length > 1) };
    }
  };
  const design = await pairwise(FACTORS, stream(seed, "cover"), test, most);
  return { ...design, refused, faults: [...faults.values()] };
};
