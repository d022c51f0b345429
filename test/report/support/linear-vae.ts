/**
 * The linear beta-VAE with a fixed scale is reverse water-filling on the eigenvalues of the data's covariance, with theta =
 * beta sigma^2 (Lucas et al. 2019): every figure of a sweep over beta in closed form, for folders whose content is known.
 */
export const EIGENVALUES = [9, 6, 4, 2.5, 1.6, 1, 0.6, 0.35, 0.2, 0.12, 0.07, 0.04] as const;
export const LATENT = 8;
export const SIGMA_SQUARED = 0.25;

export interface LinearFigures {
  rate: number;
  distortion: number;
  squaredError: number;
  activeUnits: number;
  nll: number;
  /** By latent dimension. */
  kl: number[];
}

export const linearFigures = (beta: number): LinearFigures => {
  const theta = beta * SIGMA_SQUARED;
  const sum = (of: (lambda: number, i: number) => number): number =>
    EIGENVALUES.reduce((total: number, lambda, i) => total + of(lambda, i), 0);
  const kl = EIGENVALUES.slice(0, LATENT).map((lambda) => Math.max(0, 0.5 * Math.log(lambda / theta)));
  const squaredError = sum((lambda, i) => (i < LATENT ? Math.min(lambda, theta) : lambda));
  // The model's variance along each eigenvector: w^2 + sigma^2 with w^2 = lambda - theta where the dimension is active.
  const variance = (lambda: number, i: number): number =>
    SIGMA_SQUARED + (i < LATENT ? Math.max(0, lambda - theta) : 0);
  return {
    rate: kl.reduce((a, b) => a + b, 0),
    distortion: (EIGENVALUES.length / 2) * Math.log(2 * Math.PI * SIGMA_SQUARED) + squaredError / (2 * SIGMA_SQUARED),
    squaredError,
    activeUnits: kl.filter((value) => value > 0).length,
    nll: sum((lambda, i) => 0.5 * (Math.log(2 * Math.PI * variance(lambda, i)) + lambda / variance(lambda, i))),
    kl,
  };
};
