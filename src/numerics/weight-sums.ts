/** Sums of importance weights that are given by their logarithms, for many examples at once. */

export class WeightSums {
  private readonly largest: Float64Array;
  private readonly total: Float64Array;
  private readonly squares: Float64Array;

  constructor(size: number) {
    this.largest = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.total = new Float64Array(size);
    this.squares = new Float64Array(size);
  }

  /** Sums of w and w^2 are scaled by the largest log-weight so far. */
  add(example: number, logWeight: number): void {
    const largest = this.largest[example]!;
    if (logWeight > largest) {
      const shrink = Math.exp(largest - logWeight);
      this.total[example] = this.total[example]! * shrink + 1;
      this.squares[example] = this.squares[example]! * shrink * shrink + 1;
      this.largest[example] = logWeight;
    } else {
      const weight = Math.exp(logWeight - largest);
      this.total[example] = this.total[example]! + weight;
      this.squares[example] = this.squares[example]! + weight * weight;
    }
  }

  /** -ln of the mean of the weights, and (sum w)^2 / sum w^2, by example. */
  estimate(draws: number): { nll: Float32Array; effectiveSampleSize: Float32Array } {
    return {
      nll: Float32Array.from(this.total, (total, i) => -(this.largest[i]! + Math.log(total / draws))),
      effectiveSampleSize: Float32Array.from(this.total, (total, i) => (total * total) / this.squares[i]!),
    };
  }
}
