/**
 * What is known in closed form of linear models with Gaussian noise, in float64: x = W z + b + s e with z ~ N(0, I).
 *
 *     marginal      p(x) = N(b, W W' + s^2 I)
 *     pPCA          sigma^2 = mean of the discarded eigenvalues (Tipping & Bishop 1999; Lucas et al. 2019)
 *     water-filling with s fixed and the rate weighted by beta, theta = beta s^2 is the level: an eigenvalue above it keeps
 *                   theta of error and costs 1/2 ln(lambda / theta) nats, one below it is dropped whole
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";

const LOG_2PI = Math.log(2 * Math.PI);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** @param eigenvalues of the training covariance, from the largest down. */
export const waterFilling = (
  eigenvalues: readonly number[],
  latent: number,
  level: number,
): { squaredError: number; rate: number; active: number } => {
  const kept = eigenvalues.slice(0, latent);
  const over = kept.filter((value) => value > level);
  return {
    squaredError: sum(kept.map((value) => Math.min(value, level))) + sum(eigenvalues.slice(latent)),
    rate: sum(over.map((value) => Math.log(value / level) / 2)),
    active: over.length,
  };
};

/** The largest log-likelihood, in nats an example, that `latent` dimensions can give, and the noise that gives it. */
export const probabilisticPca = (
  eigenvalues: readonly number[],
  latent: number,
): { noiseVariance: number; logLikelihood: number } => {
  const size = eigenvalues.length;
  const noiseVariance = sum(eigenvalues.slice(latent)) / (size - latent);
  const logDeterminant = sum(eigenvalues.slice(0, latent).map(Math.log)) + (size - latent) * Math.log(noiseVariance);
  return { noiseVariance, logLikelihood: -(size * (LOG_2PI + 1) + logDeterminant) / 2 };
};

export interface LinearGaussian {
  /** W', row-major [latent, columns]: the weights of a dense layer. */
  weights: ArrayLike<number>;
  /** b. */
  bias: ArrayLike<number>;
  /** s. */
  scale: number;
}

/** ln p(x) of each row of a row-major [n, columns]. */
export const logMarginal = ({ weights, bias, scale }: LinearGaussian, rows: ArrayLike<number>): number[] => {
  const columns = bias.length;
  const loadings = Matrix.from1DArray(weights.length / columns, columns, weights);
  const covariance = loadings
    .transpose()
    .mmul(loadings)
    .add(Matrix.eye(columns, columns, scale * scale));
  const cholesky = new CholeskyDecomposition(covariance);
  const logDeterminant = 2 * sum(cholesky.lowerTriangularMatrix.diagonal().map(Math.log));
  const centered = Matrix.from1DArray(rows.length / columns, columns, rows).subRowVector([...Array.from(bias)]);
  const solved = cholesky.solve(centered.transpose()).transpose();
  return Array.from({ length: centered.rows }, (_, i) => {
    const distance = sum(centered.getRow(i).map((value, j) => value * solved.get(i, j)));
    return -(columns * LOG_2PI + logDeterminant + distance) / 2;
  });
};

/** Of N(bias, W W' + s^2 I) where the columns of W are orthogonal: the posterior is then N(A (x - b), diag v), A = M^-1 W'. */
export const exactPosterior = ({
  weights,
  bias,
  scale,
}: LinearGaussian): { gain: Matrix; offset: number[]; variance: number[] } => {
  const columns = bias.length;
  const loadings = Matrix.from1DArray(weights.length / columns, columns, weights);
  const precision = loadings.to2DArray().map((row) => sum(row.map((value) => value * value)) + scale * scale);
  const gain = loadings.clone().mulColumnVector(precision.map((value) => 1 / value));
  const offset = gain.to2DArray().map((row) => -sum(row.map((value, j) => value * bias[j]!)));
  return { gain, offset, variance: precision.map((value) => (scale * scale) / value) };
};
