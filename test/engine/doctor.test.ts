import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Diagnosis, diagnose, formatDiagnosis } from "../../src/engine/doctor.js";
import { engineFolder, packageRoot } from "../../src/engine/folders.js";
import { BUILD, ENGINE_ID, TENSORFLOW_VERSION, TFJS_VERSION } from "../../src/engine/versions.js";
import { useEngine } from "../support/engine.js";
import { type Program, program } from "../support/process.js";

let doctor: Program;
let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "vaelab-doctor-"));
  doctor = await program(`
    import { diagnose } from "./src/engine/doctor.js";
    console.log(JSON.stringify(await diagnose()));`);
});
afterAll(() => {
  doctor.remove();
  rmSync(scratch, { recursive: true });
});

test("with native installed: all three engines work, native is in use, nothing needs mending", async () => {
  await useEngine();
  const diagnosis = await diagnose();
  const folder = engineFolder();
  expect(diagnosis).toEqual({
    engine: "native",
    version: TENSORFLOW_VERSION,
    threads: 1,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    engineFolder: folder,
    candidates: [
      { name: "native", works: true, version: TENSORFLOW_VERSION, build: BUILD, folder, problems: [] },
      { name: "wasm", works: true, version: TFJS_VERSION, folder, problems: [] },
      { name: "cpu", works: true, version: TFJS_VERSION, folder, problems: [] },
    ],
  });
  expect(formatDiagnosis(diagnosis).split("\n")).toEqual([
    `engine    native  TensorFlow ${TENSORFLOW_VERSION}, 1 thread`,
    `machine   Node ${process.version}, ${process.platform} ${process.arch}`,
    `folder    ${folder}`,
    `native    works  ${TENSORFLOW_VERSION}, build ${BUILD}  ${folder}`,
    `wasm      works  ${TFJS_VERSION}  ${folder}`,
    `cpu       works  ${TFJS_VERSION}  ${folder}`,
  ]);
});

const NOT_INSTALLED = "the native engine is not installed. Run: vaelab engine install";

test("without native: wasm is in use, and the command that mends it is named", async () => {
  const { stdout } = await doctor.run([], { VAELAB_ENGINE_DIR: join(scratch, "none") });
  const diagnosis = JSON.parse(stdout) as Diagnosis;
  expect(diagnosis).toMatchObject({
    engine: "wasm",
    version: TFJS_VERSION,
    threads: 1,
    engineFolder: join(scratch, "none", ENGINE_ID),
    why: `a step on wasm takes about 12 times as long as on native: ${NOT_INSTALLED}`,
    mend: "vaelab engine install",
  });
  expect(diagnosis.candidates[0]).toEqual({ name: "native", works: false, problems: [NOT_INSTALLED] });
  expect(diagnosis.candidates.slice(1).map(({ works, folder }) => ({ works, folder }))).toEqual([
    { works: true, folder: packageRoot() },
    { works: true, folder: packageRoot() },
  ]);
  const lines = formatDiagnosis(diagnosis).split("\n");
  expect(lines[0]).toBe(`engine    wasm  TensorFlow.js ${TFJS_VERSION}, 1 thread`);
  expect(lines.slice(3, 5)).toEqual(["native    does not work", `          ${NOT_INSTALLED}`]);
  expect(lines.at(-1)).toBe("mend      vaelab engine install");
});

test("where it could not be installed either, what is missing is named instead of a command that would fail", async () => {
  for (const name of ["g++", "c++", "clang++"]) {
    writeFileSync(join(scratch, name), "#!/bin/sh\nexit 127\n");
    chmodSync(join(scratch, name), 0o755);
  }
  const { stdout } = await doctor.run([], {
    VAELAB_ENGINE_DIR: join(scratch, "none"),
    PATH: `${scratch}:${process.env.PATH}`,
  });
  const diagnosis = JSON.parse(stdout) as Diagnosis;
  expect(diagnosis.mend).toBeUndefined();
  expect(diagnosis.candidates[0]!.problems).toEqual([
    NOT_INSTALLED,
    "a C++ compiler, which builds the binding, was not found. Install one (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++)",
  ]);
});
