/**
 * `vaelab engine install`. Everything happens in a folder of this process alone, which gets its name by one rename at the end:
 *
 *     npm ci (scripts off) ─┐
 *     pip: wheel ─ SHA-256 ─ unpack ─ strip ─ compile ─ prove ─ manifest ─ rename to engine/<id>
 *
 * So a failure, a full disk or SIGKILL leaves either no engine or the one that was there; what it left is cleared next time.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { VaelabError } from "../../core/errors.js";
import { engineFolder, engineRoot, NATIVE_PARTS, packageRoot } from "../folders.js";
import { ENGINE_ID, TENSORFLOW_VERSION, TFJS_VERSION, WHEEL } from "../versions.js";
import { compileBinding, HEADERS, LIBRARIES } from "./binding.js";
import { lastLines, runCommand } from "./command.js";
import { isAlive, processName, withLock } from "./lock.js";
import { type EngineManifest, MANIFEST, readManifest } from "./manifest.js";
import { findPrerequisites, type Tools } from "./prerequisites.js";
import { proveBuild } from "./prove.js";
import { QUIET_ADDON } from "./quiet.js";
import { obtainWheel } from "./wheel.js";
import { extractMembers } from "./zip.js";

/** Phases in their order; `wait` comes first, and only when another installation is under way. Units: bytes, or steps of 1. */
export type InstallPhase = "wait" | "packages" | "download" | "verify" | "unpack" | "strip" | "compile" | "prove";

export interface InstallOptions {
  progress?: (phase: InstallPhase, done: number, total: number) => void;
  /** Builds anew though a whole engine is there. */
  force?: boolean;
  /** Instead of the user's cache folder. */
  directory?: string;
}

export interface InstallResult {
  folder: string;
  manifest: EngineManifest;
  /** False when a whole engine was there already. */
  built: boolean;
}

const BUILDING = ".building-";
const REPLACED = ".replaced-";

const installPackages = async (npm: string, folder: string): Promise<void> => {
  for (const file of ["package.json", "package-lock.json"])
    copyFileSync(join(packageRoot(), "engine", file), join(folder, file));
  const { status, output } = await runCommand(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
  });
  if (status !== 0)
    throw new VaelabError("ENGINE", {
      message: `npm could not fetch @tensorflow/tfjs-node: ${lastLines(output)}`,
      remedy: "Check the network and npm's registry, then run: vaelab engine install",
    });
};

/** Symbols that only a debugger reads are a quarter of the library; true when they are gone. */
const stripLibraries = async (strip: string | undefined, files: readonly string[]): Promise<boolean> => {
  if (!strip) return false;
  for (const file of files) {
    const { status } = await runCommand(strip, ["--strip-unneeded", "-o", `${file}.stripped`, file]);
    if (status !== 0) {
      rmSync(`${file}.stripped`, { force: true });
      return false;
    }
    renameSync(`${file}.stripped`, file);
  }
  return true;
};

const build = async (folder: string, root: string, tools: Tools, progress: Required<InstallOptions>["progress"]) => {
  const step = async <T>(phase: InstallPhase, work: Promise<T>): Promise<T> => {
    progress(phase, 0, 1);
    const result = await work;
    progress(phase, 1, 1);
    return result;
  };
  const scratch = join(folder, ".scratch");
  mkdirSync(scratch);
  await step("packages", installPackages(tools.npm, folder));
  const wheel = await obtainWheel(tools.pip, join(root, "wheels"), scratch, {
    download: (done, total) => progress("download", done, total),
    verify: (done, total) => progress("verify", done, total),
  });
  const libraries = LIBRARIES.map((name) => `tensorflow/${name}`);
  await extractMembers(
    wheel,
    folder,
    (name) => {
      if (libraries.includes(name)) return `${NATIVE_PARTS.libraries}/${basename(name)}`;
      return HEADERS.test(name) ? `.scratch/${name}` : undefined;
    },
    (done, total) => progress("unpack", done, total),
  );
  const libraryFiles = LIBRARIES.map((name) => `${NATIVE_PARTS.libraries}/${name}`);
  const stripped = await step(
    "strip",
    stripLibraries(
      tools.strip,
      libraryFiles.map((file) => join(folder, file)),
    ),
  );
  await step("compile", compileBinding(tools.compiler, folder, join(scratch, "tensorflow/include")));
  await step("prove", proveBuild(folder));
  rmSync(scratch, { recursive: true });
  const manifest: EngineManifest = {
    id: ENGINE_ID,
    tensorflow: TENSORFLOW_VERSION,
    tfjs: TFJS_VERSION,
    wheelSha256: WHEEL.sha256,
    compiler: tools.compiler,
    stripped,
    files: Object.fromEntries(
      [...libraryFiles, NATIVE_PARTS.binding, QUIET_ADDON].map((file) => [file, statSync(join(folder, file)).size]),
    ),
  };
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
};

/** A program that a killed installation had started may still write there for a while: then it is left for the next time. */
const removeLeftover = (folder: string): void => {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error;
  }
};

/** Removes what killed installations left; an engine that was being replaced when that happened comes back. */
const clearLeftovers = (root: string, final: string): void => {
  for (const name of readdirSync(root)) {
    const prefix = [BUILDING, REPLACED].find((each) => name.startsWith(each));
    if (!prefix || isAlive(name.slice(prefix.length))) continue;
    if (prefix === REPLACED && !existsSync(final)) renameSync(join(root, name), final);
    else removeLeftover(join(root, name));
  }
};

/** The new engine gets its name; one that had it is moved aside first, and back when that fails. */
const putInPlace = (building: string, final: string, aside: string): void => {
  const replaces = existsSync(final);
  if (replaces) renameSync(final, aside);
  try {
    renameSync(building, final);
  } catch (error) {
    if (replaces) renameSync(aside, final);
    throw error;
  }
  rmSync(aside, { recursive: true, force: true });
};

/** Downloads, builds and proves the native engine, unless a whole one is there. Throws ENGINE with what mends it. */
export const installNative = async (options: InstallOptions = {}): Promise<InstallResult> => {
  const { progress = () => {}, force = false, directory: root = engineRoot() } = options;
  const final = engineFolder(root);
  const whole = (): InstallResult | undefined => {
    const manifest = force ? undefined : readManifest(final);
    return typeof manifest === "object" ? { folder: final, manifest, built: false } : undefined;
  };
  const already = whole();
  if (already) return already;
  const { problems, tools } = await findPrerequisites(root);
  if (!tools) throw new VaelabError("ENGINE", problems);
  mkdirSync(root, { recursive: true });
  return withLock(
    join(root, "lock"),
    async () => {
      clearLeftovers(root, final);
      const meanwhile = whole();
      if (meanwhile) return meanwhile;
      const building = join(root, BUILDING + processName());
      rmSync(building, { recursive: true, force: true });
      mkdirSync(building);
      try {
        const manifest = await build(building, root, tools, progress);
        putInPlace(building, final, join(root, REPLACED + processName()));
        return { folder: final, manifest, built: true };
      } finally {
        rmSync(building, { recursive: true, force: true });
      }
    },
    () => progress("wait", 0, 1),
  );
};
