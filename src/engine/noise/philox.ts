/**
 * Philox-4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC 2011) with TensorFlow's keying
 * and its transforms, so that engines without TensorFlow draw the same stream as its stateless ops:
 * - seeds are scrambled to key and counter as GenerateKey does (core/kernels/stateless_random_ops.cc);
 * - group i of four outputs is the cipher of counter + i (core/lib/random/philox_random.h);
 * - a uniform is the low 23 bits over 2^23 (Uint32ToFloat, random_distributions_utils.h);
 * - two normals are sin and cos of 2 pi u2, each times sqrt(-2 ln max(u1, 1e-7)) (BoxMullerFloat, ibid.), in float32.
 */
const ROUNDS = 10;
const MULTIPLIER_A = 0xd2511f53;
const MULTIPLIER_B = 0xcd9e8d57;
const WEYL_A = 0x9e3779b9;
const WEYL_B = 0xbb67ae85;
const SCRAMBLING_KEY = [0x3ec8f720, 0x02461e29] as const;
const SMALLEST_UNIFORM = Math.fround(1e-7);

/** The upper 32 bits of a 32 x 32 bit product, by 16-bit halves. */
const multiplyHigh = (a: number, b: number): number => {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return (aHigh * bHigh + Math.floor(middle / 65536) + ((aLow * bHigh + (middle & 0xffff)) >>> 16)) >>> 0;
};

/** Enciphers the four words of `counter` under the two of `key` into `out`. */
export const philox4x32 = (counter: Uint32Array, key: Uint32Array, out: Uint32Array): void => {
  let [a, b, c, d] = counter as unknown as [number, number, number, number];
  let [keyA, keyB] = key as unknown as [number, number];
  for (let round = 0; round < ROUNDS; round++) {
    const highA = multiplyHigh(MULTIPLIER_A, a);
    const highB = multiplyHigh(MULTIPLIER_B, c);
    const lowA = Math.imul(MULTIPLIER_A, a);
    const lowB = Math.imul(MULTIPLIER_B, c);
    a = (highB ^ b ^ keyA) >>> 0;
    b = lowB >>> 0;
    c = (highA ^ d ^ keyB) >>> 0;
    d = lowA >>> 0;
    keyA = (keyA + WEYL_A) >>> 0;
    keyB = (keyB + WEYL_B) >>> 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
};

/** Adds one to the counter, read as one 128-bit number, lowest word first. */
const increment = (counter: Uint32Array): void => {
  for (let word = 0; word < 4; word++) {
    counter[word]! += 1;
    if (counter[word] !== 0) return;
  }
};

/** The first `count` words of the stream of two int32 seeds, in whole groups of four: the last group may run over. */
export const statelessBits = (seeds: ArrayLike<number>, count: number): Uint32Array => {
  const [first, second] = [seeds[0]! | 0, seeds[1]! | 0];
  const mix = new Uint32Array(4);
  philox4x32(Uint32Array.of(first, first >> 31, second, second >> 31), Uint32Array.from(SCRAMBLING_KEY), mix);
  const key = mix.slice(0, 2);
  const counter = Uint32Array.of(0, 0, mix[2]!, mix[3]!);
  const words = new Uint32Array(Math.ceil(count / 4) * 4);
  for (let group = 0; group < words.length; group += 4) {
    philox4x32(counter, key, words.subarray(group, group + 4));
    increment(counter);
  }
  return words;
};

/** [0, 1), of 23 bits, exact in float32. */
const uniformOf = (word: number): number => (word & 0x7fffff) / 0x800000;

export const statelessUniform = (seeds: ArrayLike<number>, count: number): Float32Array =>
  Float32Array.from(statelessBits(seeds, count).subarray(0, count), uniformOf);

export const statelessNormal = (seeds: ArrayLike<number>, count: number): Float32Array => {
  const words = statelessBits(seeds, count);
  const normals = new Float32Array(words.length);
  for (let pair = 0; pair < words.length; pair += 2) {
    const u = Math.max(uniformOf(words[pair]!), SMALLEST_UNIFORM);
    const angle = Math.fround(2 * Math.PI * uniformOf(words[pair + 1]!));
    const radius = Math.fround(Math.sqrt(Math.fround(-2 * Math.fround(Math.log(u)))));
    normals[pair] = Math.fround(Math.sin(angle)) * radius;
    normals[pair + 1] = Math.fround(Math.cos(angle)) * radius;
  }
  return normals.subarray(0, count);
};
