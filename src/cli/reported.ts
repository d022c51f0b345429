/** Runs work with progress output, and removes the bar before the result is printed. */
import type { Reporter } from "../experiments/runs/reporter.js";
import type { OutputOptions } from "./output.js";

export const reported = async <T>({ json }: OutputOptions, work: (reporter: Reporter) => Promise<T>): Promise<T> => {
  const { createReporter } = await import("./progress.js");
  const reporter = await createReporter({ json });
  try {
    return await work(reporter);
  } finally {
    reporter.close();
  }
};
