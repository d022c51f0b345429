/**
 * Codes drawn uniformly by the volume that the learned metric G of a Riemannian posterior gives the space of codes,
 *
 *     p(z) ~ sqrt(det G(z)^-1)   in the box of the training codes,   0 outside
 *
 * by Hamiltonian Monte Carlo from training codes. Far from all landmarks the density is lambda^(D / 2), so without the box it has no
 * integral. The normalizing constant is not known, hence no log-density; short chains stay near the codes that they began from.
 */
import type { LogVolume } from "../contracts/sampler.js";
import { type Points, pointsOf, selectRows } from "../numerics/points.js";
import { normal, type Stream } from "../numerics/streams.js";
import { defineSampler } from "../spec/define.js";

interface Chains {
  steps: number;
  leapfrogSteps: number;
  stepSize: number;
  /** By dimension. */
  low: Float32Array;
  high: Float32Array;
}

const boxOf = ({ values, width }: Points): Pick<Chains, "low" | "high"> => {
  const low = new Float32Array(width).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(width).fill(Number.NEGATIVE_INFINITY);
  for (const [at, value] of values.entries()) {
    const column = at % width;
    low[column] = Math.min(low[column]!, value);
    high[column] = Math.max(high[column]!, value);
  }
  return { low, high };
};

/** |rho|^2 / 2 of each row. */
const kinetic = ({ values, n, width }: Points): Float64Array => {
  const sums = new Float64Array(n);
  for (const [at, value] of values.entries()) sums[Math.floor(at / width)]! += value ** 2 / 2;
  return sums;
};

/** Metropolis-corrected leapfrog trajectories, a chain for each row. */
const walk = async (start: Points, at: LogVolume, chains: Chains, uniform: Stream): Promise<Points> => {
  const { steps, leapfrogSteps, stepSize, low, high } = chains;
  const { n, width } = start;
  const isInside = (values: Float32Array, row: number): boolean =>
    low.every((least, j) => values[row * width + j]! >= least && values[row * width + j]! <= high[j]!);
  const codes = Float32Array.from(start.values);
  let here = await at(pointsOf(codes, width));
  for (let step = 0; step < steps; step++) {
    const z = Float32Array.from(codes);
    const rho = Float32Array.from(z, () => normal(uniform));
    const before = kinetic(pointsOf(rho, width));
    let there = here;
    // U = ln sqrt|G|, so the force is minus its gradient.
    const kick = (): void => {
      for (let i = 0; i < rho.length; i++) rho[i]! -= (stepSize / 2) * there.gradient[i]!;
    };
    for (let leap = 0; leap < leapfrogSteps; leap++) {
      kick();
      for (let i = 0; i < z.length; i++) z[i]! += stepSize * rho[i]!;
      there = await at(pointsOf(z, width));
      kick();
    }
    const after = kinetic(pointsOf(rho, width));
    const next = { value: Float32Array.from(here.value), gradient: Float32Array.from(here.gradient) };
    for (let row = 0; row < n; row++) {
      const logRatio = here.value[row]! + before[row]! - there.value[row]! - after[row]!;
      if (!(Math.log(uniform()) < logRatio) || !isInside(z, row)) continue;
      const own = [row * width, (row + 1) * width] as const;
      codes.set(z.subarray(...own), own[0]);
      next.gradient.set(there.gradient.subarray(...own), own[0]);
      next.value[row] = there.value[row]!;
    }
    here = next;
  }
  return pointsOf(codes, width);
};

export const riemannianUniform = defineSampler({
  schema: {
    type: "object",
    title: "uniform by the volume of a learned metric",
    description:
      "Hamiltonian Monte Carlo from training codes, each chain a sample. It has no log-density. Its samples are scored as a set of their own.",
    required: ["type"],
    additionalProperties: false,
    properties: {
      type: { const: "riemannian-uniform" },
      steps: { type: "integer", minimum: 1, maximum: 100000, default: 100, description: "Trajectories of each chain" },
      leapfrogSteps: {
        type: "integer",
        minimum: 1,
        maximum: 1000,
        default: 10,
        description: "Leapfrog steps of each trajectory",
      },
      stepSize: { type: "number", exclusiveMinimum: 0, default: 0.03, description: "Size of a leapfrog step" },
    },
  },
  formula: "p(z) ~ sqrt(det G(z)^-1) in the box of the training codes",
  source: "Chadebec, Mantoux & Allassonnière 2020, section 5; chains as in pythae",
  requires: () => [
    {
      kind: "posterior",
      capability: "metric",
      reason: "Volumes are those of a learned metric: choose riemannian-hamiltonian",
    },
  ],
  create: ({ steps, leapfrogSteps, stepSize }) => ({
    learn: (codes, _, { posterior }) => {
      const chains: Chains = { steps, leapfrogSteps, stepSize, ...boxOf(codes) };
      return {
        sample: (count, uniform) => {
          const rows = Int32Array.from({ length: count }, () => Math.floor(uniform() * codes.n));
          return posterior.withLogVolume(count, (at) => walk(selectRows(codes, rows), at, chains, uniform));
        },
        note: `${steps} trajectories of ${leapfrogSteps} leapfrog steps from ${codes.n} training codes`,
      };
    },
  }),
});
