/** doctor and engine, without an installation: test/engine holds those. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildOnce, folderOf, vaelabProcess } from "../command.js";

beforeAll(buildOnce);

test("engine path exits with 1 and says what mends it, where there is no engine", async () => {
  const env = { VAELAB_ENGINE_DIR: join(folderOf(), "none") };
  const { code, stdout, stderr } = await vaelabProcess(["engine", "path"], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(
    /^\S*\/none\/tensorflow-\S+ {2}the native engine is not installed\. Run: vaelab engine install\n$/,
  );
});

test("engine remove takes what installations left, and nothing else that lies there", async () => {
  const root = folderOf({ "note.txt": "somebody's own" });
  for (const name of ["tensorflow-2.21.0-tfjs-4.22.0-build-3-linux-x64", "wheels", ".building-1-2", "tensorflow"]) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, "file"), "x");
  }
  const { code, records } = await vaelabProcess(["engine", "remove", "--json"], { env: { VAELAB_ENGINE_DIR: root } });
  expect(code).toBe(0);
  expect(records()).toMatchObject([
    { removed: [".building-1-2", "tensorflow-2.21.0-tfjs-4.22.0-build-3-linux-x64", "wheels"] },
  ]);
  expect(readdirSync(root).sort()).toEqual(["note.txt", "tensorflow"]);
});

test("doctor names every engine, the one in use, and the command that would give a better one", async () => {
  const env = { VAELAB_ENGINE_DIR: join(folderOf(), "none") };
  const { code, records } = await vaelabProcess(["doctor", "--json"], { env });
  expect(code).toBe(0);
  const [diagnosis] = records();
  expect(diagnosis).toMatchObject({
    type: "diagnosis",
    engine: "wasm",
    why: expect.stringContaining("vaelab engine install"),
    candidates: [
      { name: "native", works: false },
      { name: "wasm", works: true },
      { name: "cpu", works: true },
    ],
  });
  const text = await vaelabProcess(["doctor"], { env });
  expect(text.stdout).toMatch(/^engine +wasm/m);
});
