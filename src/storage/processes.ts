/**
 * Tells whether the process that marked a folder is still alive. A process ID is not enough: the system reuses IDs, and each
 * PID namespace (container) has its own, even if several share a host name.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

export interface ProcessMark {
  pid: number;
  host: string;
  /** The machine's own ID, the ID of its boot, and the PID namespace that `pid` counts in; null if unknown. */
  machine: string | null;
  boot: string | null;
  namespace: string | null;
  /** Start time of the process in system units; null if unknown. */
  start: string | null;
}

/** Number of the initial PID namespace on Linux (PROC_PID_INIT_INO of proc_ns.h). */
const OUTERMOST = "pid:[4026531836]";

const textOf = (read: () => string): string | null => {
  try {
    return read().trim() || null;
  } catch {
    return null;
  }
};
const fileText = (path: string): string | null => textOf(() => readFileSync(path, "utf8"));

/** `undefined` if there is no such process. A process of another user, which /proc may hide, exists. */
const startBySignal = (pid: number): null | undefined => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return undefined;
  }
  return null;
};

/** Clock ticks from boot to the start of the process (proc(5), field 22 of stat). */
const startOnLinux = (pid: number): string | null | undefined => {
  // If /proc belongs to another namespace, its numbers refer to other processes.
  const isOwn = fileText("/proc/self/stat")?.startsWith(`${process.pid} `);
  const stat = isOwn ? fileText(`/proc/${pid}/stat`) : null;
  if (stat === null) return startBySignal(pid);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19]!;
};

const startByPs = (pid: number): string | null | undefined => {
  if (startBySignal(pid) === undefined) return undefined;
  if (process.platform === "win32") return null;
  const environment = { ...process.env, LC_ALL: "C" };
  return (
    textOf(() =>
      execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env: environment, stdio: "pipe" }),
    ) ?? undefined
  );
};

/** Null if unknown; undefined if there is no such process. */
const startOf = (pid: number): string | null | undefined =>
  process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);

const ownPlace = (): Pick<ProcessMark, "host" | "machine" | "boot" | "namespace"> => ({
  host: hostname(),
  machine: fileText("/etc/machine-id"),
  boot: fileText("/proc/sys/kernel/random/boot_id"),
  namespace: textOf(() => readlinkSync("/proc/self/ns/pid")),
});

export const ownMark = (): ProcessMark => ({
  pid: process.pid,
  ...ownPlace(),
  start: startOf(process.pid) ?? null,
});

/** "unknown" for a process of another host, boot or PID namespace. */
export const fateOf = (mark: ProcessMark): "alive" | "gone" | "unknown" => {
  const here = ownPlace();
  if (mark.host !== here.host) return "unknown";
  if (mark.boot !== here.boot) return isRestarted(mark, here) ? "gone" : "unknown";
  if (mark.namespace !== here.namespace) return "unknown";
  const now = startOf(mark.pid);
  if (now === undefined) return "gone";
  return now === null || mark.start === null || now === mark.start ? "alive" : "gone";
};

/** Whether the machine has rebooted since. Containers cannot tell, because those of one image share a machine ID. */
const isRestarted = (mark: ProcessMark, here: ReturnType<typeof ownPlace>): boolean =>
  mark.boot !== null &&
  here.boot !== null &&
  mark.machine !== null &&
  mark.machine === here.machine &&
  mark.namespace === OUTERMOST &&
  here.namespace === OUTERMOST;
