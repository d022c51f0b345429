/** Subject "files": data files of every format, wrong in their structure, damaged, cut off or a bomb, validated and read. */
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import jpeg from "jpeg-js";
import { damaged } from "./bytes.mjs";
import { csv } from "./csv-files.mjs";
import {
  deflatedZeros,
  gzipBomb,
  gzipped,
  gzipZeros,
  idx,
  npy,
  npyHeader,
  png,
  pngHeader,
  pngPixels,
  zip,
  zlibZeros,
} from "./formats.mjs";
import { usurp } from "./places.mjs";
import { TINY } from "./small.mjs";
import { hostileText } from "./values.mjs";

const ROWS = 96;
const BOMBS = [4, 64, 600, 1500, 5000];

const DESCRIPTIONS = [
  "'<f4'",
  "'<f8'",
  "'|u1'",
  "'<i8'",
  "'>f4'",
  "'<f2'",
  "'|b1'",
  "'<u2'",
  "'<U3'",
  "'<U1000000'",
  "'|S4'",
  "'|O'",
  "'<c8'",
  "'<M8[ns]'",
  "'<f16'",
  "'|V4'",
  "[('a', '<f4')]",
  "''",
  "'x'",
  "1",
  "None",
  "'<U0'",
  "'|S0'",
  "'<i3'",
  "'<f4', 'descr': '|O'",
];
const SHAPES = [
  `(${ROWS}, 16)`,
  `(${ROWS}, 4, 4)`,
  `(${ROWS}, 4, 4, 1)`,
  `(${ROWS},)`,
  "()",
  "(0,)",
  "(0, 16)",
  `(${ROWS}, 0)`,
  "(-1, 16)",
  "(1e3, 2)",
  "(9999999999, 16)",
  "(4294967296, 4294967296)",
  "(9007199254740993,)",
  `(${ROWS}, 1${", 1".repeat(200)})`,
  "(96, 16",
  "96",
  "[96, 16]",
  "('a',)",
  "(True, 2)",
  "(96L, 16L)",
  `(${"9".repeat(400)},)`,
];

const sizeOf = (descr) => Number(/\d+/.exec(descr)?.[0] ?? 1) * (descr.includes("U") ? 4 : 1);
const valuesFor = (random, descr, count) => {
  const size = Math.min(sizeOf(descr), 64);
  if (descr === "'<f4'")
    return Buffer.from(
      Float32Array.from({ length: count }, () =>
        random.chance(0.01) ? random.pick([NaN, Infinity, -1, 1e38, 1e-45]) : random.real(0, 1),
      ).buffer,
    );
  if (descr === "'<f8'")
    return Buffer.from(
      Float64Array.from({ length: count }, () =>
        random.chance(0.01) ? random.pick([NaN, Infinity, 1e300, 2 ** 53]) : random.real(0, 1),
      ).buffer,
    );
  return random.bytes(Math.min(count * size, 200_000));
};
/** An array that is sound, or wrong in its header, or both. */
const array = (random, { rows = ROWS, descr = "'<f4'", shape = `(${rows}, 16)`, width = 16 } = {}) => {
  if (random.chance(0.6)) return npy({ header: npyHeader(descr, shape), body: valuesFor(random, descr, rows * width) });
  const type = random.chance(0.5) ? random.pick(DESCRIPTIONS) : descr;
  const header = random.weighted([
    [
      8,
      () =>
        npyHeader(
          type,
          random.chance(0.6) ? random.pick(SHAPES) : shape,
          random.pick(["False", "True", "False", "None", "0"]),
        ),
    ],
    [1, () => "{}\n"],
    [1, () => `{'descr': '<f4', 'fortran_order': False, 'shape': (${ROWS}, 16)`],
    [1, () => `${"(".repeat(60_000)}\n`],
    [1, () => hostileText(random)],
  ])();
  return npy({
    header,
    body: valuesFor(random, type, random.chance(0.7) ? rows * width : random.int(0, 2000)),
    version: random.weighted([
      [6, 1],
      [2, 2],
      [1, 3],
      [1, random.int(0, 255)],
    ]),
    ...(random.chance(0.1) && { length: random.pick([0, 1, 65535, 2 ** 31]) }),
    ...(random.chance(0.03) && { magic: "\x93NUMPX" }),
  });
};
const labels = (random) =>
  array(random, {
    descr: random.pick(["'<i8'", "'|u1'", "'<U3'", "'|S4'", "'<f8'", "'|b1'"]),
    shape: `(${ROWS},)`,
    width: 1,
  });

const sometimesDamaged = (random, bytes, often = 0.3) => {
  let result = bytes;
  while (random.chance(often)) result = damaged(random, result);
  return result;
};

const image = (random, width, height) => {
  const color = random.weighted([
    [4, 0],
    [3, 2],
    [2, 3],
    [1, 4],
    [2, 6],
    [1, random.int(0, 8)],
  ]);
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[color] ?? 1;
  const [claimedWidth, claimedHeight] = random.chance(0.85)
    ? [width, height]
    : [random.pick([0, 1, width, 65535, 2 ** 31 - 1, 2 ** 32 - 1]), random.pick([0, 1, height, 30_000, 2 ** 31 - 1])];
  const bomb = () => zlibZeros(random.pick(BOMBS));
  const extra = random.weighted([
    [6, () => []],
    [1, () => [{ type: "iCCP", data: Buffer.concat([Buffer.from("p\0\0"), bomb()]) }]],
    [1, () => [{ type: "zTXt", data: Buffer.concat([Buffer.from("Comment\0\0"), bomb()]) }]],
    [1, () => [{ type: "iTXt", data: Buffer.concat([Buffer.from("Comment\0\x01\0\0\0"), bomb()]) }]],
    [1, () => [{ type: "tEXt", data: Buffer.from(`k\0${hostileText(random)}`) }]],
    [
      1,
      () => [
        {
          type: random.pick([
            "eXIf",
            "tRNS",
            "gAMA",
            "acTL",
            "fcTL",
            "pHYs",
            "sBIT",
            "XXXX",
            "abcd",
            "IHDR",
            "IEND",
            "PLTE",
          ]),
          data: random.bytes(random.int(0, 40)),
        },
      ],
    ],
    [1, () => Array.from({ length: 20_000 }, () => ({ type: "tEXt", data: Buffer.from("k\0v") }))],
  ])();
  const palette = color === 3 ? [{ type: "PLTE", data: random.bytes(3 * random.pick([1, 4, 256, 300])) }] : [];
  const pixels = random.weighted([
    [8, () => [pngPixels(width, height, channels, random)]],
    [1, () => [{ type: "IDAT", data: bomb() }]],
    [1, () => []],
    [1, () => [{ type: "IDAT", data: random.bytes(100) }]],
    [1, () => Array.from({ length: 3 }, () => pngPixels(width, height, channels, random))],
  ])();
  return png([
    pngHeader(claimedWidth, claimedHeight, {
      color,
      depth: random.weighted([
        [8, 8],
        [1, 16],
        [1, random.pick([1, 2, 4, 0, 255])],
      ]),
      interlace: random.weighted([
        [8, 0],
        [1, 1],
        [1, 7],
      ]),
      compression: random.weighted([
        [20, 0],
        [1, 1],
      ]),
      filter: random.weighted([
        [20, 0],
        [1, 9],
      ]),
    }),
    ...palette,
    ...extra,
    ...pixels,
    ...(random.chance(0.95) ? [{ type: "IEND" }] : []),
  ]);
};
const photograph = (random, width, height) => {
  const bytes = Buffer.from(jpeg.encode({ width, height, data: random.bytes(width * height * 4) }, 80).data);
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  return random.weighted([
    [4, () => bytes],
    [
      1,
      () => {
        bytes.writeUInt16BE(random.pick([0, 1, 8000, 65535]), frame + 5);
        bytes.writeUInt16BE(random.pick([0, 1, 8000, 65535]), frame + 7);
        return bytes;
      },
    ],
    [
      1,
      () => {
        bytes[frame + 1] = random.pick([0xc1, 0xc2, 0xc3, 0xc9]);
        return bytes;
      },
    ],
    [
      1,
      () => {
        bytes[frame + random.int(4, 18)] = random.int(0, 255);
        return bytes;
      },
    ],
    [
      1,
      () => Buffer.concat([bytes.subarray(0, 2), Buffer.alloc(random.pick([100, 2 ** 22]), 0xff), bytes.subarray(2)]),
    ],
    [
      1,
      () =>
        Buffer.concat([
          bytes.subarray(0, bytes.length - 2),
          ...Array(random.pick([2, 2000])).fill(
            bytes.subarray(bytes.indexOf(Buffer.from([0xff, 0xda])), bytes.length - 2),
          ),
        ]),
    ],
    [1, () => Buffer.concat([bytes.subarray(0, frame + 20), Buffer.alloc(2 ** 22, 0xff)])],
  ])();
};

const NAMES = [
  "a.png",
  "b.PNG",
  "c.jpg",
  "d.jpeg",
  "e.png",
  ".hidden.png",
  "f.gif",
  "g",
  "\u001b[2J.png",
  "日本.png",
  "-x.png",
  "h h.png",
  "__proto__.png",
  `${"n".repeat(200)}.png`,
];
const FOLDERS = ["cat", "dog", "__proto__", "constructor", "0", "\u001b[31mred", ".git", "a b", "é", "10", "9"];
const imageFolder = (random, given) => {
  const [width, height] = random.pick([
    [8, 8],
    [4, 4],
    [1, 1],
    [9, 7],
  ]);
  const folders = random.chance(0.1) ? [""] : random.times(1, 4, () => random.pick(FOLDERS));
  let number = 0;
  for (const folder of folders) {
    const at = join(given, "x", folder);
    mkdirSync(at, { recursive: true });
    // Only a few are strange, for the first of them ends the reading.
    for (let count = 0; count < 30; count++) {
      const sound = png([pngHeader(width, height), pngPixels(width, height, 1, random), { type: "IEND" }]);
      writeFileSync(join(at, `${String(number++).padStart(4, "0")}.png`), sound);
    }
    for (const name of random.times(0, 2, () => random.pick(NAMES)))
      writeFileSync(
        join(at, name),
        sometimesDamaged(random, random.chance(0.5) ? image(random, width, height) : photograph(random, width, height)),
      );
  }
  if (random.chance(0.1)) symlinkSync("..", join(given, "x", "loop"));
  if (random.chance(0.1)) usurp(random, join(given, "x", random.pick(FOLDERS), "u.png"), join(given, "..", "outside"));
  return {
    type: "image-folder",
    folder: random.chance(0.95) ? "x" : "x/cat/0001.png",
    ...(random.chance(0.3) && { channels: random.pick(["as-is", "gray", "color"]) }),
    ...(random.chance(0.2) && {
      resize: random.pick([
        [4, 4],
        [1, 1],
        [100_000, 100_000],
        [0, 4],
      ]),
    }),
    ...(random.chance(0.2) && { background: random.pick([[0, 0, 0], [256, 0, 0], [0]]) }),
  };
};

const archive = (random) => {
  const members = [
    { name: "values.npy", bytes: array(random) },
    ...(random.chance(0.6) ? [{ name: "labels.npy", bytes: labels(random) }] : []),
  ];
  for (const member of members) if (random.chance(0.2)) member.method = 0;
  const change = random.pick(members);
  if (random.chance(0.6))
    Object.assign(
      change,
      random.pick([
        () => ({ crc: 1 }),
        () => ({ size: random.pick([0, 1, 2 ** 31, 2 ** 32 - 1]) }),
        () => ({ packed: random.pick([0, 1, 2 ** 31, 2 ** 32 - 1]) }),
        () => ({ offset: random.pick([0, 1, 2 ** 31, 2 ** 32 - 1]) }),
        () => ({ method: random.pick([0, 1, 9, 12, 14, 99]) }),
        () => ({ flags: random.pick([1, 8, 0x800, 0xffff]) }),
        () => ({
          name: random.pick([
            "../values.npy",
            "values",
            "values.npy.npy",
            "",
            "__proto__.npy",
            "\u001b[2J.npy",
            "constructor",
            "a".repeat(60_000),
          ]),
        }),
        () => {
          const mebibytes = random.pick(BOMBS);
          return {
            data: deflatedZeros(mebibytes),
            size: random.chance(0.5) ? Math.min(mebibytes * 2 ** 20, 2 ** 32 - 1) : 1000,
          };
        },
        () => {
          const mebibytes = random.pick(BOMBS);
          const head = npy({
            header: npyHeader("'<f4'", `(${(mebibytes * 2 ** 20) / 64}, 16)`),
            body: Buffer.alloc(0),
          });
          return {
            method: 8,
            bytes: head,
            data: deflatedZeros(mebibytes),
            size: Math.min(mebibytes * 2 ** 20, 2 ** 32 - 1),
          };
        },
      ])(),
    );
  if (random.chance(0.1)) members.push({ ...members[0] });
  if (random.chance(0.05))
    members.push(...Array.from({ length: 20_000 }, (_, index) => ({ name: `m${index}.npy`, method: 0 })));
  return zip(members, {
    ...(random.chance(0.1) && { count: random.pick([0, 1, 65535]) }),
    ...(random.chance(0.1) && { start: random.pick([0, 1, 2 ** 31, 2 ** 32 - 1]) }),
    ...(random.chance(0.1) && { comment: random.bytes(random.pick([1, 65535])) }),
  });
};

const idxFile = (random, sizes) => {
  const count = sizes.reduce((product, size) => product * size, 1);
  const bytes = idx({
    sizes: random.chance(0.6)
      ? sizes
      : random.pick([
          [],
          [0],
          [0, 8, 8],
          [2 ** 32 - 1, 8, 8],
          [ROWS, 2 ** 31, 2 ** 31],
          [ROWS, 0, 8],
          [ROWS],
          Array(255).fill(1),
        ]),
    body: random.bytes(random.chance(0.8) ? count : random.int(0, count)),
    type: random.weighted([
      [6, 8],
      [1, 9],
      [1, 13],
      [1, 14],
      [1, random.int(0, 255)],
    ]),
    magic: random.chance(0.95) ? 0 : 1,
  });
  return random.weighted([
    [4, () => bytes],
    [2, () => gzipped(bytes)],
    [1, () => damaged(random, gzipped(bytes))],
    [0.7, () => gzipZeros(random.pick(BOMBS))],
    [0.7, () => gzipBomb(bytes.toString("latin1"), random.pick(BOMBS))],
  ])();
};

const arrayOptions = (random) => ({
  ...(random.chance(0.15) && { scale: random.pick([255, 1e-300, 1e38, 1e300]) }),
  ...(random.chance(0.15) && { shape: random.pick([[4, 4], [16], [4, 4, 1], [2 ** 31, 1], [0], [1e9, 1e9]]) }),
  ...(random.chance(0.15) && { channels: random.pick(["first", "last"]) }),
  ...(random.chance(0.15) && { missingLabels: random.pick([[-1], ["a"], [null], Array(10_000).fill(1), [1e300]]) }),
  ...(random.chance(0.2) && { support: random.pick(["binary", "unit", "real", "count"]) }),
  ...(random.chance(0.1) && { binarize: random.pick(["static", "threshold", "none"]) }),
});

const WRITERS = {
  npy: (random, write) => {
    write("x.npy", sometimesDamaged(random, array(random)));
    const labeled = random.chance(0.4);
    if (labeled) write("y.npy", sometimesDamaged(random, labels(random), 0.2));
    return { type: "npy", values: "x.npy", ...(labeled && { labels: "y.npy" }), ...arrayOptions(random) };
  },
  npz: (random, write) => {
    write("x.npz", sometimesDamaged(random, archive(random)));
    return {
      type: "npz",
      file: "x.npz",
      values: "values",
      ...(random.chance(0.5) && { labels: "labels" }),
      ...arrayOptions(random),
    };
  },
  idx: (random, write) => {
    write("x", sometimesDamaged(random, idxFile(random, [ROWS, 8, 8]), 0.2));
    const labeled = random.chance(0.4);
    if (labeled) write("y", sometimesDamaged(random, idxFile(random, [ROWS]), 0.2));
    return { type: "idx", images: "x", ...(labeled && { labels: "y" }) };
  },
  csv,
  images: (random, _write, given) => imageFolder(random, given),
};

export const files = {
  prepare: (any, { given, outside }) => {
    const writer = any.weighted([
      [3, "npy"],
      [4, "npz"],
      [2, "idx"],
      [4, "csv"],
      [4, "images"],
    ]);
    const random = any.calmer(any.pick([0.1, 0.3, 1]));
    const write = (name, bytes) => {
      mkdirSync(dirname(join(given, name)), { recursive: true });
      writeFileSync(join(given, name), bytes);
      // Sparse: the rest reads as zeros.
      if (random.chance(0.01)) truncateSync(join(given, name), random.pick([2 ** 24, 2 ** 30, 2 ** 33]));
      if (random.chance(0.01)) usurp(random, join(given, name), outside);
    };
    const data = WRITERS[writer](random, write, given);
    const sizes = random.chance(0.2) ? { train: random.pick([32, 1000, 1e9]), validation: 32, test: 16 } : {};
    const likelihood = random.weighted([
      [6, "gaussian"],
      [1, "bernoulli"],
      [1, { type: "bernoulli", allowGray: true }],
    ]);
    const spec = {
      ...TINY,
      data: { ...data, ...sizes },
      model: { ...TINY.model, likelihood },
      training: { epochs: 1, batchSize: 16 },
    };
    writeFileSync(join(given, "spec.json"), JSON.stringify(spec));
    if (random.chance(0.5)) return { args: ["validate", "spec.json"] };
    return { args: ["run", "spec.json", "--out", "out"], out: "out", interruptAfter: 4 };
  },
};
