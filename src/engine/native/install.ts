/**
 * `vaelab engine install`. All work happens in a private folder, which one rename publishes at the end:
 *
 *     npm ci (scripts off) ─┐
 *     pip: wheel ─ SHA-256 ─ unpack ─ strip ─ compile ─ prove ─ manifest ─ rename to engine/<id>
 *
 * A failure, a full disk or SIGKILL leaves either no engine or the old one. The next installation clears the remains.
 */
import { accessSync, constants, copyFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { VaelabError } from "../../errors.js";
import { engineFolder, engineRoot, NATIVE_PARTS, packageRoot } from "../folders.js";
import { ENGINE_ID, TENSORFLOW_VERSION, TFJS_VERSION, WHEEL } from "../versions.js";
import { compileBinding, HEADERS, LIBRARIES } from "./binding.js";
import { lastLines, runCommand } from "./command.js";
import { withLock } from "./lock.js";
import { type EngineManifest, MANIFEST, readManifest } from "./manifest.js";
import { buildingFolder, clearLeftovers, putInPlace } from "./place.js";
import { findPrerequisites, type Tools } from "./prerequisites.js";
import { proveBuild } from "./prove.js";
import { QUIET_ADDON } from "./quiet.js";
import { SESSION_ADDON } from "./session-addon.js";
import { obtainWheel } from "./wheel.js";
import { extractMembers } from "./zip.js";

/** Phases in order. `wait` comes first, only while another installation runs. Units: bytes, or steps of 1. */
export type InstallPhase = "wait" | "packages" | "download" | "verify" | "unpack" | "strip" | "compile" | "prove";

export interface InstallOptions {
  progress?: (phase: InstallPhase, done: number, total: number) => void;
  /** Builds again even if a whole engine exists. */
  force?: boolean;
  /** Overrides the user's cache folder. */
  directory?: string;
}

export interface InstallResult {
  folder: string;
  manifest: EngineManifest;
  /** False if a whole engine existed already. */
  built: boolean;
}

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

/** Strips debug symbols, a quarter of the library. True on success. */
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
      [...libraryFiles, NATIVE_PARTS.binding, QUIET_ADDON, SESSION_ADDON].map((file) => [
        file,
        statSync(join(folder, file)).size,
      ]),
    ),
  };
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
};

const prepareRoot = (root: string): void => {
  try {
    mkdirSync(root, { recursive: true });
    accessSync(root, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const message = `the engine's folder cannot be written to: ${(cause as Error).message}`;
    const remedy = "Name a folder of your own in VAELAB_ENGINE_DIR";
    throw new VaelabError("ENGINE", { message, where: root, remedy }, { cause });
  }
};

/** Downloads, builds and proves the native engine unless a whole one exists. Throws ENGINE with the remedy. */
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
  prepareRoot(root);
  return withLock(
    join(root, "lock"),
    async () => {
      clearLeftovers(root);
      const meanwhile = whole();
      if (meanwhile) return meanwhile;
      const building = buildingFolder(root);
      rmSync(building, { recursive: true, force: true });
      mkdirSync(building);
      try {
        const manifest = await build(building, root, tools, progress);
        putInPlace(building, root);
        return { folder: final, manifest, built: true };
      } finally {
        rmSync(building, { recursive: true, force: true });
      }
    },
    () => progress("wait", 0, 1),
  );
};
