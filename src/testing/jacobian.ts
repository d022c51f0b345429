/** ln |det| of a Jacobian by central differences, the determinant in float64. */
import type { Mapped } from "../contracts/bijection.js";
import { type Tensor, tf } from "../tensor/tensor.js";

/** ln |det| by elimination with partial pivoting. */
const logAbsDeterminant = (matrix: number[][]): number => {
  let total = 0;
  for (let k = 0; k < matrix.length; k++) {
    const pivot = matrix
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(matrix[best]![k]!) ? i + k : best), k);
    [matrix[k], matrix[pivot]] = [matrix[pivot]!, matrix[k]!];
    const top = matrix[k]!;
    total += Math.log(Math.abs(top[k]!));
    for (const row of matrix.slice(k + 1)) {
      const factor = row[k]! / top[k]!;
      for (let j = k; j < row.length; j++) row[j]! -= factor * top[j]!;
    }
  }
  return total;
};

/** @param x [N, ...shape]. @returns that of example i, whose own elements alone are moved */
export const logDeterminant = (map: (x: Tensor) => Mapped, x: Tensor, i: number, step = 0.01): number => {
  const at = x.dataSync();
  const size = x.size / x.shape[0]!;
  const moved = (j: number, by: number): Float32Array => {
    const values = Float32Array.from(at);
    values[i * size + j]! += by;
    return map(tf.tensor(values, x.shape))
      .value.dataSync<"float32">()
      .slice(i * size, (i + 1) * size);
  };
  const columns = Array.from({ length: size }, (_, j) => {
    const [up, down] = [moved(j, step), moved(j, -step)];
    return Array.from(up, (value, k) => (value - down[k]!) / (2 * step));
  });
  return logAbsDeterminant(columns);
};
