/**
 * Compiles the unchanged N-API binding of tfjs-node, and vaelab's addon, against the libraries and headers of TensorFlow's
 * wheel.
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { VaelabError } from "../../errors.js";
import { NATIVE_PARTS, packageRoot } from "../folders.js";
import { NAPI_VERSION } from "../versions.js";
import { lastLines, runCommand } from "./command.js";
import { QUIET_ADDON } from "./quiet.js";
import { SESSION_ADDON } from "./session-addon.js";

/** The library is found relative to the addon, so the folder can be moved. */
const runPath = (toLibraries: string): string => `-Wl,-rpath,$ORIGIN/${toLibraries}`;

export const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"] as const;

/** The wheel has 13,000 headers; compilation needs only these folders. */
export const HEADERS =
  /^tensorflow\/include\/(absl|google\/protobuf|Eigen|unsupported|ml_dtypes|tsl|xla\/tsl|tensorflow\/(c|core))\//;

/** Files of engine/ that become the addon. */
const ADDON_SOURCES = ["addon.cc", "session.cc", "workers.cc", "ops.cc"];
/** TensorFlow's flags for linked code (`tf.sysconfig.get_compile_flags()`). */
const TENSORFLOW_FLAGS = ["-D_GLIBCXX_USE_CXX11_ABI=1", "-DEIGEN_MAX_ALIGN_BYTES=64"];

const compile = async (compiler: string, args: readonly string[]): Promise<void> => {
  const { status, output } = await runCommand(compiler, [
    // Missing symbols show on loading, which the proof of the build does, not at a later call.
    ...["-O2", "-std=c++17", "-shared", "-fPIC", "-Wl,-z,now", `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...args,
  ]);
  if (status !== 0)
    throw new VaelabError("ENGINE", {
      message: `${compiler} could not build the binding: ${lastLines(output)}`,
      remedy: "A compiler with C++17 is needed (g++ 11 and clang 14 will do); then run: vaelab engine install",
    });
};

/** `folder` holds node_modules with the package's sources and the libraries; `headers` is the wheel's include folder. */
export const compileBinding = async (compiler: string, folder: string, headers: string): Promise<void> => {
  const source = join(folder, NATIVE_PARTS.package);
  const target = join(folder, NATIVE_PARTS.binding);
  const node = join(folder, "node_modules/node-api-headers/include");
  const libraries = [...["-L", join(folder, NATIVE_PARTS.libraries)], ...LIBRARIES.map((library) => `-l:${library}`)];
  const own = (file: string): string => join(packageRoot(), "engine", file);
  mkdirSync(dirname(target), { recursive: true });
  await Promise.all([
    compile(compiler, [
      ...["-I", node, "-I", headers, "-I", source],
      ...[join(source, "binding/tfjs_backend.cc"), join(source, "binding/tfjs_binding.cc")],
      ...libraries,
      ...[runPath("../../deps/lib"), "-o", target],
    ]),
    // Vectors wider than the least processor's are passed inside one file alone: the warning is beside the point.
    compile(compiler, [
      ...["-O3", "-fno-math-errno", "-Wno-psabi", ...TENSORFLOW_FLAGS],
      // Its threads run until the process ends, and so must their code stay.
      "-Wl,-z,nodelete",
      ...["-I", node, "-isystem", headers, ...ADDON_SOURCES.map(own)],
      ...libraries,
      ...[runPath(NATIVE_PARTS.libraries), "-o", join(folder, SESSION_ADDON)],
    ]),
    compile(compiler, ["-I", node, own("quiet.cc"), "-o", join(folder, QUIET_ADDON)]),
  ]);
};
