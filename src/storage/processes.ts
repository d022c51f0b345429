/** Whether a process that left its mark on disk is still the same, alive one: a number alone may have been given out again. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

export interface ProcessMark {
  pid: number;
  host: string;
  /** When it started, in the system's own terms; null where the system does not say. */
  start: string | null;
}

/** Linux: the boot, and clock ticks since (proc(5), field 22 of stat). Elsewhere what ps says. Undefined: no such process. */
const startOf = (pid: number): string | null | undefined => {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" || fields[0] === "X") return undefined;
      return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return undefined;
  }
  if (process.platform === "win32") return null;
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    }).trim();
  } catch {
    return undefined;
  }
};

export const ownMark = (): ProcessMark => ({ pid: process.pid, host: hostname(), start: startOf(process.pid) ?? null });

/** "unknown" for a process of another host. */
export const fateOf = ({ pid, host, start }: ProcessMark): "alive" | "gone" | "unknown" => {
  if (host !== hostname()) return "unknown";
  const now = startOf(pid);
  if (now === undefined) return "gone";
  return now === null || start === null || now === start ? "alive" : "gone";
};
