/** Processor time and memory of a process, as Linux tells them. */
import { readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;
const read = (pid, file) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch (error) {
    // It has ended meanwhile.
    if (error.code === "ENOENT" || error.code === "ESRCH") return undefined;
    throw error;
  }
};

/** Seconds of all its threads, in user and system mode; undefined when it is gone. */
export const processorSeconds = (pid) => {
  const stat = read(pid, "stat");
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};

const kibibytes = (pid, name) => {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(read(pid, "status") ?? "");
  return found ? Number(found[1]) * 1024 : 0;
};
/** Largest resident set since the start, or since it was reset, in bytes. */
export const peakMemory = (pid) => kibibytes(pid, "VmHWM");
export const residentMemory = (pid) => kibibytes(pid, "VmRSS");
