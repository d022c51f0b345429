/**
 * Values that are drawn bit by bit, so that whoever draws them can report progress and stop in between. A drawing yields the
 * fraction of its work that is done and returns its values.
 */
export type Drawing<T = Float32Array> = Generator<number, T, undefined>;

/** Values, or the drawing that returns them, as a drawing. */
export function* drawing(values: Float32Array | Drawing): Drawing {
  return values instanceof Float32Array ? values : yield* values;
}

/** The values, drawn without a pause. */
export const drawn = <T>(drawing: Drawing<T>): T => {
  for (;;) {
    const next = drawing.next();
    if (next.done) return next.value;
  }
};

/** Draws between two pauses: a few milliseconds. */
const CHUNK = 1 << 16;

/** So many independent draws, in order. */
export function* drawEach(count: number, draw: () => number): Drawing {
  const values = new Float32Array(count);
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(start + CHUNK, count);
    for (let i = start; i < end; i++) values[i] = draw();
    yield end / count;
  }
  return values;
}
