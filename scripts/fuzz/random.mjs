/** Seeded draws of one case: the same name gives the same case, whatever was drawn before. */
import seedrandom from "seedrandom";

const drawing = (draw, trouble) => {
  const int = (low, high) => low + Math.floor(draw() * (high - low + 1));
  /** What happens in fewer than half of the cases is the trouble. */
  const chance = (probability) =>
    draw() < (probability < 0.5 ? probability * trouble : 1 - (1 - probability) * (probability > 0.5 ? trouble : 1));
  return {
    int,
    chance,
    pick: (items) => items[int(0, items.length - 1)],
    /** One of [weight, item] pairs; the first is what is sound. */
    weighted: (pairs) => {
      const weights = pairs.map(([weight], index) => (index === 0 ? weight : weight * trouble));
      let left = draw() * weights.reduce((sum, weight) => sum + weight, 0);
      for (const [index, weight] of weights.entries()) {
        left -= weight;
        if (left < 0) return pairs[index][1];
      }
      return pairs.at(-1)[1];
    },
    times: (low, high, make) => Array.from({ length: int(low, high) }, (_, index) => make(index)),
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => int(0, 255))),
    real: (low, high) => low + draw() * (high - low),
    /** The same draws with less trouble: a case with many faults shows only the first. */
    calmer: (factor) => drawing(draw, trouble * factor),
  };
};

export const randomFrom = (name) => drawing(seedrandom(name), 1);
