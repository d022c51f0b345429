/** Threads of TensorFlow within an op: fixed and recorded, never the number of cores. */
export const DEFAULT_THREADS = 2;
/** More than the cores of any machine; TensorFlow starts all threads at once. */
export const MOST_THREADS = 1024;
