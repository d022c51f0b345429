/** Requirements of the native engine. Reports everything that is missing at once, each with a remedy. */
import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { Problem } from "../../errors.js";
import { MINIMUM_GLIBC } from "../versions.js";
import { works } from "./command.js";

export interface Tools {
  /** The command that runs pip, program first. */
  pip: readonly string[];
  compiler: string;
  npm: string;
  /** Absent if the machine has none; the libraries are then not stripped. */
  strip?: string;
}

/** The wheel, both unpacked libraries, a second copy of one while it is stripped, and the npm packages. */
const BYTES_NEEDED = 2.2e9;

const firstThatWorks = async (candidates: readonly (readonly string[])[]): Promise<readonly string[] | undefined> => {
  for (const [program, ...args] of candidates)
    if (await works(program!, [...args, "--version"])) return [program!, ...args];
  return undefined;
};

const NO_NATIVE = "Use --engine wasm";

/** Null if this platform supports the engine, else the reason. Cheap. */
export const platformProblem = (): Problem | null =>
  process.platform === "linux" && process.arch === "x64"
    ? null
    : {
        message: `the native engine is built for linux x64, not ${process.platform} ${process.arch}`,
        remedy: NO_NATIVE,
      };

const libraryProblem = (): Problem | null => {
  // Otherwise Node resolves the host name of every open connection.
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const glibc = header?.glibcVersionRuntime;
  const [major = 0, minor = 0] = (glibc ?? "").split(".").map(Number);
  if (major > MINIMUM_GLIBC[0] || (major === MINIMUM_GLIBC[0] && minor >= MINIMUM_GLIBC[1])) return null;
  const needed = MINIMUM_GLIBC.join(".");
  return {
    message: `TensorFlow's library needs glibc ${needed} or later; this system has ${glibc ?? "another C library"}`,
    remedy: NO_NATIVE,
  };
};

/** Free bytes on the file system of a folder, whether it exists or not. */
const freeBytes = (folder: string): number => {
  if (!existsSync(folder)) return freeBytes(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/** Everything that prevents a build in a folder, and the tools for it. Changes nothing. */
export const findPrerequisites = async (root: string): Promise<{ problems: Problem[]; tools?: Tools }> => {
  const unfit = platformProblem() ?? libraryProblem();
  if (unfit) return { problems: [unfit] };
  const [pip, compiler, npm, strip] = await Promise.all([
    firstThatWorks([["python3", "-m", "pip"], ["pip3"], ["pip"]]),
    firstThatWorks([["g++"], ["c++"], ["clang++"]]),
    firstThatWorks([["npm"]]),
    firstThatWorks([["strip"]]),
  ]);
  const problems: Problem[] = [];
  if (!pip)
    problems.push({
      message: "pip, which downloads TensorFlow's library, was not found",
      remedy: "Install it (Debian, Ubuntu: apt install python3-pip; Fedora: dnf install python3-pip)",
    });
  if (!compiler)
    problems.push({
      message: "a C++ compiler, which builds the binding, was not found",
      remedy: "Install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++)",
    });
  if (!npm) problems.push({ message: "npm was not found", remedy: "Install it; it comes with Node.js" });
  const free = freeBytes(root);
  if (free < BYTES_NEEDED)
    problems.push({
      message: `building the native engine takes ${BYTES_NEEDED / 1e9} GB; ${(free / 1e9).toFixed(1)} GB are free`,
      where: root,
      remedy: "Make room there, or name another folder in VAELAB_ENGINE_DIR",
    });
  if (!pip || !compiler || !npm || problems.length > 0) return { problems };
  return {
    problems,
    tools: { pip, compiler: compiler[0]!, npm: npm[0]!, ...(strip ? { strip: strip[0]! } : {}) },
  };
};
