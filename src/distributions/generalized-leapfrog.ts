/**
 * Leapfrog steps under the Hamiltonian U(z) + 1/2 ln|G(z)| + 1/2 rho' G(z)^-1 rho of a Riemannian metric G, with momenta by N(0, G(z))
 * (Girolami & Calderhead 2011, equations 16 to 18; Leimkuhler & Reich 2004):
 *
 *     rho' = rho - step / 2 dH/dz(z, rho')
 *     z'   = z + step / 2 (G(z)^-1 + G(z')^-1) rho'
 *     rho  <- rho' - step / 2 dH/dz(z', rho')
 *
 * The first two equations are implicit and solved by fixed-point iterations. At the solution a step keeps the volume and can be
 * reversed; what the iterations leave out shrinks by a factor of the order of the step with each of them.
 */
import { type Tensor, tf } from "../tensor/tensor.js";
import type { Dynamics, LeapfrogOptions, PhasePoint } from "./hamiltonian.js";
import type { LocalMetric } from "./landmark-metric.js";

export interface GeneralizedLeapfrogOptions extends LeapfrogOptions {
  /** The metric at points [M, D]. */
  metric(z: Tensor): LocalMetric;
  /** Fixed-point iterations of each implicit equation, 1 or more. */
  iterations: number;
}

export const generalizedLeapfrog = ({
  gradient,
  stepSize,
  metric,
  iterations,
}: GeneralizedLeapfrogOptions): Dynamics["start"] => {
  const half = tf.mul(stepSize, 0.5);
  const solved = (start: Tensor, next: (x: Tensor) => Tensor): Tensor => {
    let x = start;
    for (let i = 0; i < iterations; i++) x = next(x);
    return x;
  };
  const at = (z: Tensor, local = metric(z)): PhasePoint & { kicked(rho: Tensor, by: Tensor): Tensor } => {
    const force = gradient(z);
    /** rho - step / 2 dH/dz(z, by). */
    const kicked = (rho: Tensor, by: Tensor): Tensor => tf.add(rho, tf.mul(tf.sub(force, local.slope(by)), half));
    return {
      z,
      momentum: (gamma) => local.momentum(gamma),
      logMomentum: (rho) => {
        const square = tf.sum(tf.mul(rho, local.velocity(rho)), 1);
        return tf.mul(tf.add(square, local.logDeterminant()), -0.5);
      },
      kicked,
      step: (rho) => {
        const between = solved(rho, (guess) => kicked(rho, guess));
        const here = tf.add(z, tf.mul(local.velocity(between), half));
        const there = (guess: Tensor): Tensor => tf.add(here, tf.mul(metric(guess).velocity(between), half));
        const point = at(solved(z, there));
        return { point, rho: point.kicked(between, between) };
      },
    };
  };
  return at;
};
