/** Rows of numbers on the host: features, codes or examples that sample metrics compare. */
export interface Points {
  /** Row-major, n * width. */
  readonly values: Float32Array;
  readonly n: number;
  readonly width: number;
}

/** Dot product of two vectors of equal length. */
export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

export const pointsOf = (values: Float32Array, width: number): Points => ({ values, n: values.length / width, width });

export const rowOf = ({ values, width }: Points, row: number): Float32Array =>
  values.subarray(row * width, (row + 1) * width);

/** The given rows, in order; repeats are allowed. */
export const selectRows = (points: Points, rows: ArrayLike<number>): Points => {
  const { width } = points;
  const values = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) values.set(rowOf(points, rows[i]!), i * width);
  return { values, n: rows.length, width };
};

export const stackRows = (a: Points, b: Points): Points => {
  const values = new Float32Array(a.values.length + b.values.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  return { values, n: a.n + b.n, width: a.width };
};

/** || a_i - b_j ||^2 in float64. */
export const squaredDistance = (a: Points, i: number, b: Points, j: number): number => {
  const { width } = a;
  const [x, y] = [a.values, b.values];
  let [at, bt] = [i * width, j * width];
  let sum = 0;
  for (const end = at + width; at < end; at++, bt++) {
    const difference = x[at]! - y[bt]!;
    sum += difference * difference;
  }
  return sum;
};
