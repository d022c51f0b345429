/** Gauss-Legendre quadrature: the integral over [0, 1] as a weighted sum, exact for polynomials of degree 2 n - 1. */

/** P_n(x) and its derivative, by the recurrence k P_k = (2 k - 1) x P_{k-1} - (k - 1) P_{k-2}. */
const legendre = (n: number, x: number): [value: number, slope: number] => {
  let [before, value] = [1, x];
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return [value, (n * (x * value - before)) / (x * x - 1)];
};

/** @param n at least 2. @returns nodes in descending order, none at an end, and their weights */
export const gaussLegendre = (n: number): { nodes: number[]; weights: number[] } => {
  const [nodes, weights]: [number[], number[]] = [[], []];
  for (let i = 0; i < n; i++) {
    // Newton's method from an approximation that is near enough.
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    for (let iteration = 0; iteration < 10; iteration++) {
      const [value, slope] = legendre(n, x);
      x -= value / slope;
    }
    const [, slope] = legendre(n, x);
    nodes.push((1 + x) / 2);
    weights.push(1 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
};
