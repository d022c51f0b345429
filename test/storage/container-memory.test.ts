/** Memory limits of control groups, as the kernel's documents lay their files out. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { containerMeter } from "../../src/storage/container-memory.js";

const GIB = 2 ** 30;
const tree = (files: Readonly<Record<string, string | number>>) => {
  const root = mkdtempSync(join(tmpdir(), "vaelab-cgroup-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), `${content}\n`);
  }
  return (membership: string) => {
    writeFileSync(join(root, "self"), membership);
    return containerMeter(root, join(root, "self"));
  };
};

test("the tightest limit around a group of version 2 holds, and cached files count as free", () => {
  const meter = tree({
    "a/memory.max": 8 * GIB,
    "a/memory.current": 7 * GIB,
    "a/memory.stat": `anon 1\ninactive_file ${4 * GIB}\nactive_file 5`,
    "a/b/memory.max": "max",
    "a/b/memory.current": GIB,
    "a/b/c/memory.max": 6 * GIB,
    "a/b/c/memory.current": 2 * GIB,
    "a/b/c/memory.stat": "inactive_file 0",
  })("0::/a/b/c\n");
  // min(8 - 7 + 4, 6 - 2)
  expect(meter()).toBe(4 * GIB);
});

test("a container sees its own group at the root, whatever its path on the host", () => {
  const files = { "memory.max": 2 * GIB, "memory.current": GIB / 2, "memory.stat": "inactive_file 0" };
  expect(tree(files)("0::/../../docker/0123\n")()).toBe(1.5 * GIB);
});

test("version 1 has files of its own, and a largest number for no limit", () => {
  const files = {
    "memory/memory.limit_in_bytes": "9223372036854771712",
    "memory/memory.usage_in_bytes": 9 * GIB,
    "memory/job/memory.limit_in_bytes": 4 * GIB,
    "memory/job/memory.usage_in_bytes": 3 * GIB,
    "memory/job/memory.stat": `inactive_file 7\ntotal_inactive_file ${GIB}`,
  };
  const lines = "5:cpu,cpuacct:/job\n4:memory:/job\n";
  expect(tree(files)(lines)()).toBe(2 * GIB);
  expect(tree(files)("4:memory:/\n")()).toBe(Number.POSITIVE_INFINITY);
});

test("without control groups nothing is limited", () => {
  expect(containerMeter("/nowhere", "/nowhere/self")()).toBe(Number.POSITIVE_INFINITY);
});
