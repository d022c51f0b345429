/**
 * What the native engine is made of, pinned. The wheel carries TensorFlow's C library and headers; tfjs-node's own install
 * script, which would fetch an old one from a bucket that no longer answers, is never run.
 */
export const TENSORFLOW_VERSION = "2.21.0";
export const TFJS_VERSION = "4.22.0";

/** The N-API level that the binding is compiled for; Node 20 and later have it, so one build serves them all. */
export const NAPI_VERSION = 8;

export const WHEEL = {
  requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`,
  platform: "manylinux_2_27_x86_64",
  python: "3.11",
  file: `tensorflow_cpu-${TENSORFLOW_VERSION}-cp311-cp311-manylinux_2_27_x86_64.whl`,
  bytes: 273_829_956,
  sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
} as const;

/** The oldest glibc that the wheel's libraries run on (the platform tag above says so). */
export const MINIMUM_GLIBC = [2, 27] as const;

/** Raised with every change of what is built beside the binding (engine/*, compiler flags): another may give other last bits. */
export const BUILD = 8;

/** The engine's folder name: a new pin is a new folder, so that an upgrade never meets an old build. */
export const ENGINE_ID = `tensorflow-${TENSORFLOW_VERSION}-tfjs-${TFJS_VERSION}-build-${BUILD}-${process.platform}-${process.arch}`;
