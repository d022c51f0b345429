import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENGINE_CHOICES } from "../../src/engine/engine.js";
import { engineFolder, NATIVE_PARTS, packageRoot } from "../../src/engine/folders.js";
import { loadEngine } from "../../src/engine/load.js";
import { readManifest } from "../../src/engine/native/manifest.js";
import { TENSORFLOW_VERSION, TFJS_VERSION } from "../../src/engine/versions.js";
import { tf } from "../../src/tensor/tensor.js";
import { useEngine } from "../support/engine.js";
import { copyEngine, replaceFile, scratchFolder } from "../support/engine-copy.js";
import { type Program, program } from "../support/process.js";

/** The gradient of sum(x^3), which is 3 x^2. */
const gradientOfCubes = (): number[] =>
  tf.tidy(() =>
    Array.from(
      tf
        .grad((x) => tf.sum(tf.mul(x, tf.square(x))))(tf.tensor1d([1, 2, 3]))
        .dataSync(),
    ),
  );

describe("in one process", () => {
  beforeAll(useEngine);
  afterAll(useEngine);

  test("native is TensorFlow's own library, from the engine folder", async () => {
    const native = await loadEngine("native");
    expect(native).toMatchObject({ name: "native", version: TENSORFLOW_VERSION, threads: 1, folder: engineFolder() });
    expect(native.why).toBeUndefined();
    expect(tf.getBackend()).toBe("tensorflow");
    expect(gradientOfCubes()).toEqual([3, 12, 27]);
  });

  test("every engine computes on the one tfjs, and a tensor of one is read on another", async () => {
    const native = await loadEngine("native");
    const made = tf.tensor1d([1, 2, 3]);
    for (const name of ["wasm", "cpu", "native"] as const) {
      const engine = await loadEngine(name);
      expect(engine.tf).toBe(native.tf);
      expect(engine.version).toBe(name === "native" ? TENSORFLOW_VERSION : TFJS_VERSION);
      expect(gradientOfCubes()).toEqual([3, 12, 27]);
      expect(tf.tidy(() => Array.from(tf.square(made).dataSync()))).toEqual([1, 4, 9]);
    }
    made.dispose();
  });

  test("the same choice gives the same engine; auto gives native", async () => {
    for (const choice of ENGINE_CHOICES) expect(await loadEngine(choice)).toBe(await loadEngine(choice));
    expect(await loadEngine("auto")).toBe(await loadEngine("native"));
  });

  test("a thread count that TensorFlow cannot change to any more is refused", async () => {
    await expect(loadEngine("native", { threads: 3 })).rejects.toThrow(
      "TensorFlow runs with a thread count of 1 in this process, which cannot become 3. Start another process",
    );
    await expect(loadEngine("native", { threads: 1.5 })).rejects.toThrow("invalid thread count: 1.5");
  });
});

describe("in a fresh process", () => {
  let load: Program;
  let scratch: string;
  beforeAll(async () => {
    scratch = scratchFolder();
    load = await program(`
      import util from "node:util";
      import { tf } from "./src/tensor/tensor.js";
      import { loadEngine } from "./src/engine/load.js";
      const [choice, as] = process.argv.slice(2);
      if (as === "node-24") delete (util as { isNullOrUndefined?: unknown }).isNullOrUndefined;
      try {
        const { name, version, threads, folder, why } = await loadEngine(choice as "auto");
        const gradient = tf.grad((x) => tf.sum(tf.mul(x, tf.square(x))))(tf.tensor1d([1, 2, 3]));
        console.log(JSON.stringify({ name, version, threads, folder, why, gradient: Array.from(gradient.dataSync()) }));
      } catch (error) {
        console.log(JSON.stringify({ error: (error as Error).message }));
      }`);
  });
  afterAll(() => {
    load.remove();
    rmSync(scratch, { recursive: true });
  });

  const answer = async (args: string[], env: NodeJS.ProcessEnv) => {
    const { status, stdout, stderr } = await load.run(args, env);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const gradient = [3, 12, 27];

  test("native says nothing of its own, has two threads unless told otherwise, and needs nothing that Node took away", async () => {
    const expected = { name: "native", version: TENSORFLOW_VERSION, threads: 2, folder: engineFolder(), gradient };
    expect(await answer(["auto", "node-24"], { TF_NUM_INTRAOP_THREADS: "", TF_CPP_MIN_LOG_LEVEL: "" })).toEqual(
      expected,
    );
  });

  test("where native is not installed, auto is wasm and says what that costs and what mends it", async () => {
    const none = { VAELAB_ENGINE_DIR: join(scratch, "none") };
    expect(await answer(["auto"], none)).toEqual({
      ...{ name: "wasm", version: TFJS_VERSION, threads: 1, folder: packageRoot(), gradient },
      why: "a step on wasm takes about 12 times as long as on native: the native engine is not installed. Run: vaelab engine install",
    });
    expect(await answer(["native"], none)).toEqual({
      error: "the native engine is not installed. Run: vaelab engine install",
    });
    const cpu = { name: "cpu", version: TFJS_VERSION, threads: 1, folder: packageRoot(), gradient };
    expect(await answer(["cpu"], none)).toEqual(cpu);
  });

  test("a damaged engine is seen from its files", async () => {
    const short = join(scratch, "short");
    replaceFile(join(copyEngine(short), NATIVE_PARTS.binding), "short");
    const { why, name } = await answer(["auto"], { VAELAB_ENGINE_DIR: short });
    expect(name).toBe("wasm");
    expect(why).toMatch(
      /native engine is damaged: .*tfjs_binding.node has 5 bytes, not \d+. Run: vaelab engine install$/,
    );
    const torn = join(scratch, "torn");
    replaceFile(join(copyEngine(torn), "manifest.json"), '{"id": ');
    const { error } = await answer(["native"], { VAELAB_ENGINE_DIR: torn });
    expect(error).toMatch(
      /native engine is damaged: .*manifest.json cannot be read: .*JSON.*Run: vaelab engine install$/,
    );
  });

  test("a library that does not load is a reason, not an end", async () => {
    const root = join(scratch, "broken");
    const folder = copyEngine(root);
    const manifest = readManifest(folder);
    if (typeof manifest !== "object") throw new Error("the copy is not whole");
    replaceFile(join(folder, NATIVE_PARTS.binding), Buffer.alloc(manifest.files[NATIVE_PARTS.binding]!));
    const { name, why, gradient: computed } = await answer(["auto"], { VAELAB_ENGINE_DIR: root });
    expect(name).toBe("wasm");
    expect(computed).toEqual(gradient);
    expect(why).toMatch(/does not load: .*invalid ELF header.*\. Run: vaelab engine install --force$/);
  });
});
