/** What the native engine needs of the machine; everything that is missing is named at once, each with what mends it. */
import { mkdirSync, statfsSync } from "node:fs";
import { type Problem, VaelabError } from "../../core/errors.js";
import { MINIMUM_GLIBC } from "../versions.js";
import { works } from "./command.js";

export interface Tools {
  /** The command that runs pip, program first. */
  pip: readonly string[];
  compiler: string;
  npm: string;
  /** Absent where the machine has none: the libraries are then left as they come. */
  strip?: string;
}

/** The wheel, the two libraries unpacked, one of them once more while it is stripped, and the npm packages. */
const BYTES_NEEDED = 2.2e9;

const firstThatWorks = async (candidates: readonly (readonly string[])[]): Promise<readonly string[] | undefined> => {
  for (const [program, ...args] of candidates)
    if (await works(program!, [...args, "--version"])) return [program!, ...args];
  return undefined;
};

/** Null where this platform can carry the engine, else why not. Costs no process. */
export const platformProblem = (): Problem | null => {
  if (process.platform !== "linux" || process.arch !== "x64")
    return {
      message: `the native engine is built for linux x64, not ${process.platform} ${process.arch}`,
      remedy: "Use --engine wasm",
    };
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const glibc = report.header?.glibcVersionRuntime;
  const [major = 0, minor = 0] = (glibc ?? "").split(".").map(Number);
  if (major < MINIMUM_GLIBC[0] || (major === MINIMUM_GLIBC[0] && minor < MINIMUM_GLIBC[1]))
    return {
      message: `TensorFlow's library needs glibc ${MINIMUM_GLIBC.join(".")} or later; this system has ${glibc ?? "another C library"}`,
      remedy: "Use --engine wasm",
    };
  return null;
};

export const checkPrerequisites = async (root: string): Promise<Tools> => {
  const platform = platformProblem();
  if (platform) throw new VaelabError("ENGINE", platform);
  mkdirSync(root, { recursive: true });
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
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < BYTES_NEEDED)
    problems.push({
      message: `the native engine needs ${BYTES_NEEDED / 1e9} GB; ${((bavail * bsize) / 1e9).toFixed(1)} GB are free`,
      where: root,
      remedy: "Make room there, or name another folder in VAELAB_ENGINE_DIR",
    });
  if (problems.length > 0) throw new VaelabError("ENGINE", problems);
  return { pip: pip!, compiler: compiler![0]!, npm: npm![0]!, ...(strip ? { strip: strip[0]! } : {}) };
};
