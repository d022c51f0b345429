/** Writes the report of a finished run or sweep. A failure is only a warning; the run or sweep stays finished. */
import { writeReport } from "../../report/index.js";
import { stopsTheRun } from "../evaluation/decorations.js";

/** @throws NOT_WRITABLE, or a signal */
export const writeFinishedReport = async (folder: string, warn: (message: string) => void): Promise<void> => {
  try {
    await writeReport(folder);
  } catch (error) {
    if (stopsTheRun(error)) throw error;
    const [reason] = (error as Error).message.split("\n");
    warn(`the report could not be written: ${reason}. Everything else is there: try "vaelab report ${folder}"`);
  }
};
