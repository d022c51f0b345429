/**
 * The pinned parts of the native engine. The wheel holds TensorFlow's C library and headers. The install script of tfjs-node
 * never runs: it would fetch an old library from a bucket that no longer answers.
 */
export const TENSORFLOW_VERSION = "2.21.0";
export const TFJS_VERSION = "4.22.0";

/** The N-API version of the binding. Node 20 and later support it, so one build serves them all. */
export const NAPI_VERSION = 8;

export const WHEEL = {
  requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`,
  platform: "manylinux_2_27_x86_64",
  python: "3.11",
  file: `tensorflow_cpu-${TENSORFLOW_VERSION}-cp311-cp311-manylinux_2_27_x86_64.whl`,
  bytes: 273_829_956,
  sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
} as const;

/** The oldest glibc that the wheel supports, by its platform tag. */
export const MINIMUM_GLIBC = [2, 27] as const;

/**
 * Raised with every change of the code built beside the binding (engine/*, compiler flags), because another build may change
 * the last bits.
 */
export const BUILD = 8;

/** Folder name of the engine. A new pin gives a new folder, so an upgrade never meets an old build. */
export const ENGINE_ID = `tensorflow-${TENSORFLOW_VERSION}-tfjs-${TFJS_VERSION}-build-${BUILD}-${process.platform}-${process.arch}`;
