/** Independent distributions of vectors, side by side as one vector whose blocks each belong to one of them. */
import type { Distribution } from "../contracts/distribution.js";
import type { Shape } from "../tensor/fields.js";
import type { Noise } from "../tensor/keyed-noise.js";
import { type Tensor, tf } from "../tensor/tensor.js";
import { drawLazilyScored } from "./lazily-scored.js";

export interface Block {
  /** Index of the distribution. Its blocks have the order of its own elements. */
  part: number;
  width: number;
}

export class SideBySide implements Distribution {
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly logProbElements?: (value: Tensor) => Tensor;
  readonly mean?: () => Tensor;
  readonly variance?: () => Tensor;
  /** Neighbors of one distribution are one block. */
  private readonly blocks: readonly Block[];

  /** @param parts of one batch shape, with event shape [D_i] */
  constructor(
    private readonly parts: readonly Distribution[],
    blocks: readonly Block[],
  ) {
    this.batchShape = parts[0]!.batchShape;
    this.eventShape = [blocks.reduce((sum, { width }) => sum + width, 0)];
    this.blocks = merged(blocks);
    if (parts.every((each) => each.logProbElements))
      this.logProbElements = (value) => {
        const values = this.take(value);
        return this.put(parts.map((each, i) => each.logProbElements!(values[i]!)));
      };
    if (parts.every((each) => each.mean)) this.mean = () => this.put(parts.map((each) => each.mean!()));
    if (parts.every((each) => each.variance)) this.variance = () => this.put(parts.map((each) => each.variance!()));
  }

  sample(noise: Noise, site: string, sampleShape: Shape): Tensor {
    return this.put(this.parts.map((each, i) => each.sample(noise, `${site}/${i}`, sampleShape)));
  }

  sampleAndLogProb(noise: Noise, site: string, sampleShape: Shape): { value: Tensor; logProb: Tensor } {
    return drawLazilyScored(this, this.sample(noise, site, sampleShape));
  }

  logProb(value: Tensor): Tensor {
    const values = this.take(value);
    return this.parts.map((each, i) => each.logProb(values[i]!)).reduce((total, logProb) => tf.add(total, logProb));
  }

  /** [..., D] → the elements of each distribution, [..., D_i]. */
  private take(value: Tensor): Tensor[] {
    const pieces = split(
      value,
      this.blocks.map(({ width }) => width),
    );
    return this.parts.map((_, part) => joined(pieces.filter((_, i) => this.blocks[i]!.part === part)));
  }

  /** The elements of each distribution → [..., D]. */
  private put(values: readonly Tensor[]): Tensor {
    const pieces = values.map((value, part) =>
      split(
        value,
        this.blocks.filter((block) => block.part === part).map(({ width }) => width),
      ),
    );
    const next = values.map(() => 0);
    return joined(this.blocks.map(({ part }) => pieces[part]![next[part]!++]!));
  }
}

const merged = (blocks: readonly Block[]): Block[] => {
  const all: Block[] = [];
  for (const { part, width } of blocks) {
    const last = all.at(-1);
    if (last?.part === part) last.width += width;
    else all.push({ part, width });
  }
  return all;
};

/** Along the last axis. */
const split = (x: Tensor, widths: readonly number[]): Tensor[] =>
  widths.length === 1 ? [x] : tf.split(x, [...widths], x.rank - 1);
const joined = (pieces: readonly Tensor[]): Tensor => (pieces.length === 1 ? pieces[0]! : tf.concat([...pieces], -1));
