/**
 * Memory limits of Linux control groups, as containers and batch systems set them (cgroup v2: memory.max; v1:
 * memory.limit_in_bytes). A group's own limit and those of every group around it hold. Pages that only cache files count as used,
 * although the kernel drops them when memory is short, so those not in recent use are subtracted.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Version {
  limit: string;
  used: string;
  /** The line of memory.stat with the bytes of cached files not in recent use. */
  cached: string;
}
const V1 = { limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes", cached: "total_inactive_file" };
const V2 = { limit: "memory.max", used: "memory.current", cached: "inactive_file" };

/** Unlimited groups of v1 state the largest multiple of a page below 2^63. */
const UNLIMITED = 2 ** 60;

interface Group extends Version {
  folder: string;
}

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
const numberIn = (path: string): number | undefined => {
  const text = textOf(path).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
};

/** A group and the groups around it whose files are mounted. Inside a container, paths of the host do not exist. */
const around = (mount: string, path: string, version: Version): Group[] => {
  const folders = [mount];
  for (let at = join(mount, path); at.length > mount.length; at = dirname(at)) folders.push(at);
  return folders.map((folder) => ({ folder, ...version }));
};

const groupsOf = (root: string, membership: string): Group[] =>
  textOf(membership)
    .split("\n")
    .flatMap((line) => {
      const [, controllers = "", path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      if (path === undefined) return [];
      if (controllers === "") return around(root, path, V2);
      return controllers.split(",").includes("memory") ? around(join(root, "memory"), path, V1) : [];
    })
    .filter(({ folder, limit }) => (numberIn(join(folder, limit)) ?? UNLIMITED) < UNLIMITED);

const freeIn = ({ folder, limit, used, cached }: Group): number => {
  const most = numberIn(join(folder, limit)) ?? Number.POSITIVE_INFINITY;
  const stat = new RegExp(`^${cached} (\\d+)$`, "m").exec(textOf(join(folder, "memory.stat")));
  return Math.max(0, most - (numberIn(join(folder, used)) ?? 0) + Number(stat?.[1] ?? 0));
};

let known: (() => number) | undefined;

/** @returns a function that measures how many bytes the groups leave; it gives infinity if no group is limited */
export const containerMeter = (root: string, membership: string): (() => number) => {
  const groups = groupsOf(root, membership);
  return () => groups.reduce((least, group) => Math.min(least, freeIn(group)), Number.POSITIVE_INFINITY);
};

/** Bytes that this process may still take within its control groups. */
export const containerMemory = (): number => (known ??= containerMeter("/sys/fs/cgroup", "/proc/self/cgroup"))();
