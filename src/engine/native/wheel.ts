/**
 * Obtains TensorFlow's wheel with the machine's pip, which knows the user's index, proxy and certificates. The cache keeps it
 * under its name. Only bytes with the pinned SHA-256 get that name, and they are checked again on use.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { VaelabError } from "../../errors.js";
import { WHEEL } from "../versions.js";
import { lastLines, runCommand } from "./command.js";

type Report = (done: number, total: number) => void;

const WATCH_MILLISECONDS = 250;

export const sha256OfFile = async (file: string, report: Report = () => {}): Promise<string> => {
  const hash = createHash("sha256");
  const total = statSync(file).size;
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    done += (chunk as Buffer).length;
    report(done, total);
  }
  return hash.digest("hex");
};

/** Bytes of all files below a folder, because pip chooses the names of its temporary files. Files may vanish meanwhile. */
const bytesBelow = (folder: string): number => {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += statSync(join(entry.parentPath ?? entry.path, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
};

/** Downloads the wheel below `scratch` and returns its path there. pip writes to TMPDIR while it downloads, then moves. */
const download = async (pip: readonly string[], scratch: string, report: Report): Promise<string> => {
  const target = join(scratch, "wheel");
  const temporary = join(scratch, "tmp");
  mkdirSync(target, { recursive: true });
  mkdirSync(temporary, { recursive: true });
  const watch = setInterval(() => {
    try {
      report(Math.min(bytesBelow(scratch), WHEEL.bytes), WHEEL.bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }, WATCH_MILLISECONDS);
  try {
    const [program, ...before] = pip;
    const args = [...before, "download", WHEEL.requirement, "--no-deps", "--only-binary=:all:", "--no-cache-dir"];
    const platform = ["--platform", WHEEL.platform, "--implementation", "cp", "--python-version", WHEEL.python];
    const { status, output } = await runCommand(program!, [...args, ...platform, "--dest", target], {
      env: { ...process.env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1" },
    });
    if (status !== 0)
      throw new VaelabError("ENGINE", {
        message: `pip could not download ${WHEEL.requirement}: ${lastLines(output)}`,
        remedy: "Check the network and pip's index, then run: vaelab engine install",
      });
  } finally {
    clearInterval(watch);
  }
  const [file] = readdirSync(target);
  if (!file) throw new VaelabError("ENGINE", { message: `pip left no file for ${WHEEL.requirement}`, where: target });
  return join(target, file);
};

export interface WheelProgress {
  download: Report;
  verify: Report;
}

/** Path of the wheel in the cache, with its hash verified. A damaged wheel is deleted and downloaded again. */
export const obtainWheel = async (
  pip: readonly string[],
  cache: string,
  scratch: string,
  progress: WheelProgress,
): Promise<string> => {
  const cached = join(cache, WHEEL.file);
  if (existsSync(cached)) {
    if ((await sha256OfFile(cached, progress.verify)) === WHEEL.sha256) return cached;
    rmSync(cached);
  }
  const fresh = await download(pip, scratch, progress.download);
  const hash = await sha256OfFile(fresh, progress.verify);
  if (hash !== WHEEL.sha256)
    throw new VaelabError("ENGINE", {
      message: `the download of ${WHEEL.requirement} has SHA-256 ${hash}, not ${WHEEL.sha256}`,
      remedy: "It was damaged or altered on its way and was deleted; run again: vaelab engine install",
    });
  mkdirSync(cache, { recursive: true });
  renameSync(fresh, cached);
  return cached;
};
