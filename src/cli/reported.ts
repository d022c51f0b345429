/** Work on a run whose progress is shown while it goes on; the bar is gone before its result is printed. */
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
