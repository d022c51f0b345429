/** Compiles @tensorflow/tfjs-node's N-API binding, as it is, against the libraries and headers of TensorFlow's wheel. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { VaelabError } from "../../core/errors.js";
import { NATIVE_PARTS, packageRoot } from "../folders.js";
import { NAPI_VERSION } from "../versions.js";
import { lastLines, runCommand } from "./command.js";
import { QUIET_ADDON } from "./quiet.js";

/** The library is found beside the binding at run time, wherever the folder is moved to. */
const RUN_PATH = "-Wl,-rpath,$ORIGIN/../../deps/lib";

export const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"] as const;

/** The wheel has 13,000 headers; the binding reaches these folders' alone. */
export const HEADERS =
  /^tensorflow\/include\/(tensorflow\/c\/|tensorflow\/core\/platform\/|tsl\/platform\/|xla\/tsl\/c\/).*\.h$/;

const compile = async (compiler: string, args: readonly string[]): Promise<void> => {
  const { status, output } = await runCommand(compiler, [
    ...["-O2", "-std=c++17", "-shared", "-fPIC", `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...args,
  ]);
  if (status !== 0)
    throw new VaelabError("ENGINE", {
      message: `${compiler} could not build the binding: ${lastLines(output)}`,
      remedy: "A compiler with C++17 is needed (g++ 8 or later); then run: vaelab engine install",
    });
};

/** `folder` holds node_modules with the package's sources and the libraries; `headers` is the wheel's include folder. */
export const compileBinding = async (compiler: string, folder: string, headers: string): Promise<void> => {
  const source = join(folder, NATIVE_PARTS.package);
  const target = join(folder, NATIVE_PARTS.binding);
  const node = join(folder, "node_modules/node-api-headers/include");
  mkdirSync(dirname(target), { recursive: true });
  await Promise.all([
    compile(compiler, [
      ...["-I", node, "-I", headers, "-I", source],
      ...[join(source, "binding/tfjs_backend.cc"), join(source, "binding/tfjs_binding.cc")],
      ...["-L", join(folder, NATIVE_PARTS.libraries), ...LIBRARIES.map((library) => `-l:${library}`), RUN_PATH],
      ...["-o", target],
    ]),
    compile(compiler, ["-I", node, join(packageRoot(), "engine/quiet.cc"), "-o", join(folder, QUIET_ADDON)]),
  ]);
};
