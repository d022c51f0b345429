/**
 * Steps that only pictures need: their failure does not fail the run. The reason is logged as a warning and stored by file in
 * the layout that the report reads.
 */
import { EXIT, VaelabError } from "../../errors.js";
import type { SampleLayout } from "../../storage/layout.js";

export interface Decorations {
  /** Runs a step that writes these files. @returns whether it succeeded. @throws a signal, or NOT_WRITABLE */
  attempt(files: readonly string[], draw: () => void | Promise<void>): Promise<boolean>;
  /** Files not drawn so far, with the reason. */
  readonly failed: NonNullable<SampleLayout["notDrawn"]>[number][];
}

/** A signal or a full disk, not a fault of the step. */
export const stopsTheRun = (error: unknown): boolean =>
  !(error instanceof Error) ||
  (error instanceof VaelabError && (error.exitCode === EXIT.interrupted || error.code === "NOT_WRITABLE"));

export const decorations = (warn: (message: string) => void): Decorations => {
  const failed: Decorations["failed"] = [];
  return {
    failed,
    attempt: async (files, draw) => {
      try {
        await draw();
        return true;
      } catch (error) {
        if (stopsTheRun(error)) throw error;
        const reason = (error as Error).message.split("\n")[0]!;
        warn(`not drawn: ${files.join(", ")}: ${reason}`);
        for (const file of files) failed.push({ file, reason });
        return false;
      }
    },
  };
};
