/** A copy of the working tree in a temporary folder, where mutants are made and tested: the tree itself is never written to. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { env, execPath } from "node:process";
import { NOTES_CONFIG, NOTES_SETUP, noting } from "./functions.mjs";

/** Tracked files, and those that git does not ignore. */
export const filesOf = (root) => {
  const args = ["ls-files", "-z", "-co", "--exclude-standard"];
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ls-files failed: ${stderr}`);
  return stdout.split("\0").filter((file) => file && existsSync(join(root, file)));
};

const copyOf = (root, files) => {
  const folder = mkdtempSync(join(tmpdir(), "vaelab-mutants-"));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
};

/** Two copies: one for mutants, and one whose functions note that they ran. */
export const openSandbox = (root, files) => {
  const [plain, noted] = [copyOf(root, files), copyOf(root, files)];
  for (const file of files.filter((file) => /^src\/.*\.ts$/.test(file)))
    writeFileSync(join(noted, file), noting(file, readFileSync(join(root, file), "utf8")));
  writeFileSync(join(noted, "mutants-notes.mjs"), NOTES_SETUP);
  writeFileSync(join(noted, "mutants-notes.config.ts"), NOTES_CONFIG);

  let running;
  const stop = () => {
    // The whole group: vitest's workers, and what tests started.
    try {
      if (running?.pid) process.kill(-running.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  };
  /** Runs a test file in a copy: "passed", "failed" or "timeout". */
  const vitest = (folder, args, limitMilliseconds, more = {}) =>
    new Promise((resolve, reject) => {
      const program = join(folder, "node_modules", "vitest", "vitest.mjs");
      running = spawn(execPath, [program, "run", "--bail=1", "--maxWorkers=1", "--reporter=dot", ...args], {
        cwd: folder,
        stdio: "ignore",
        detached: true,
        env: { ...env, ...more },
      });
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        stop();
      }, limitMilliseconds);
      running.on("error", reject);
      running.on("close", (status) => {
        clearTimeout(timer);
        running = undefined;
        resolve(late ? "timeout" : status === 0 ? "passed" : "failed");
      });
    });

  return {
    /** A test file without any mutant: how it ends, how long it takes, and the functions of src/ that ran in its process. */
    baseline: async (test, limitMilliseconds) => {
      const notes = join(noted, "mutants-notes.json");
      rmSync(notes, { force: true });
      const from = performance.now();
      const args = ["--config", "mutants-notes.config.ts", test];
      const outcome = await vitest(noted, args, limitMilliseconds, { MUTANTS_NOTES: notes });
      const ran = existsSync(notes) ? JSON.parse(readFileSync(notes, "utf8")) : [];
      return { outcome, seconds: (performance.now() - from) / 1000, ran };
    },
    /** The same while a file of src/ has this content. */
    withMutant: async (file, content, test, limitMilliseconds) => {
      const path = join(plain, file);
      const before = readFileSync(path);
      writeFileSync(path, content);
      try {
        return await vitest(plain, [test], limitMilliseconds);
      } finally {
        writeFileSync(path, before);
      }
    },
    close: () => {
      stop();
      for (const folder of [plain, noted]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
