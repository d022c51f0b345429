/** How many threads TensorFlow gets within an op: fixed and recorded, never the machine's core count. */
export const DEFAULT_THREADS = 2;
/** More than any machine that this runs on has cores; TensorFlow starts them all at once. */
export const MOST_THREADS = 1024;
