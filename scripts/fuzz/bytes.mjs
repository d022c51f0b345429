/** Damage to the bytes of a file, whatever its format. */
const WORDS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const at = (random, bytes) => random.int(0, Math.max(0, bytes.length - 1));
const WAYS = [
  [4, (random, bytes) => bytes.subarray(0, at(random, bytes))],
  [
    4,
    (random, bytes) => {
      const copy = Buffer.from(bytes);
      for (let count = random.int(1, 8); count > 0 && copy.length > 0; count--)
        copy[at(random, copy)] ^= 1 << random.int(0, 7);
      return copy;
    },
  ],
  [
    4,
    (random, bytes) => {
      const copy = Buffer.from(bytes);
      if (copy.length < 4) return copy;
      // Most formats keep what counts at the beginning or the end.
      const place = random.pick([
        random.int(0, Math.min(64, copy.length - 4)),
        at(random, copy),
        copy.length - random.int(4, Math.min(64, copy.length)),
      ]);
      const word = random.pick(WORDS);
      if (place + 4 > copy.length) return copy;
      if (random.chance(0.5)) copy.writeUInt32LE(word, place);
      else copy.writeUInt32BE(word, place);
      return copy;
    },
  ],
  [
    2,
    (random, bytes) => {
      const place = at(random, bytes);
      return Buffer.concat([bytes.subarray(0, place), random.bytes(random.int(1, 64)), bytes.subarray(place)]);
    },
  ],
  [
    2,
    (random, bytes) => {
      const place = at(random, bytes);
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + random.int(1, 64))]);
    },
  ],
  [
    1,
    (random, bytes) => {
      const copy = Buffer.from(bytes);
      const place = at(random, copy);
      return copy.fill(
        random.pick([0, 0xff, 0x20]),
        place,
        Math.min(copy.length, place + random.pick([16, 1024, 1 << 20])),
      );
    },
  ],
  [1, (_random, bytes) => Buffer.concat([bytes, bytes])],
  [1, (random, bytes) => Buffer.concat([bytes, Buffer.alloc(random.pick([1, 1000, 1 << 22]), random.pick([0, 0xff]))])],
  [1, () => Buffer.alloc(0)],
];

export const damaged = (random, bytes) => random.weighted(WAYS)(random, bytes);
