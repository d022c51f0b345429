/** Hostile JSON: values, keys and texts that a reader might not expect, and changes of a sound tree. */

/** A token that JSON.stringify would not write: 1e400, NaN, 0x10. */
export class Raw {
  constructor(text) {
    this.text = text;
  }
}

const isTree = (value) => typeof value === "object" && value !== null && !(value instanceof Raw);
/** Members stay what they are, "__proto__" too. */
const put = (object, key, value) =>
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
/** Without recursion, as trees may be nested 100,000 deep. `spell` uses none either. */
export const copyOf = (root) => {
  const copied = { root };
  const open = [[copied, "root"]];
  while (open.length > 0) {
    const [parent, key] = open.pop();
    const value = parent[key];
    if (!isTree(value)) continue;
    const copy = Array.isArray(value) ? [...value] : {};
    if (!Array.isArray(value)) for (const [name, member] of Object.entries(value)) put(copy, name, member);
    put(parent, key, copy);
    for (const name of Object.keys(copy)) open.push([copy, name]);
  }
  return copied.root;
};

/** JSON as text, Raw tokens as they are. */
export const spell = (root) => {
  const parts = [];
  const open = [[root]];
  while (open.length > 0) {
    const [item, isText] = open.pop();
    if (isText) parts.push(item);
    else if (item instanceof Raw) parts.push(item.text);
    else if (!isTree(item)) parts.push(JSON.stringify(item) ?? "null");
    else {
      const isList = Array.isArray(item);
      const members = isList
        ? item.map((member) => ["", member])
        : Object.entries(item).map(([k, v]) => [`${JSON.stringify(k)}:`, v]);
      open.push([isList ? "]" : "}", true]);
      for (let index = members.length - 1; index >= 0; index--) {
        open.push([members[index][1]]);
        open.push([(index > 0 ? "," : "") + members[index][0], true]);
      }
      parts.push(isList ? "[" : "{");
    }
  }
  return parts.join("");
};

const KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "length",
  "",
  " ",
  "a/b",
  "~1",
  "..",
  "\u0000",
  "\u001b[31m",
  "ключ",
  "😀",
  "type",
  "$ref",
  "extends",
  "value",
];
const NUMBERS = [
  0,
  -1,
  1,
  2,
  3,
  0.5,
  -0.5,
  1e-7,
  1e-320,
  1e-30,
  255,
  256,
  65536,
  1e5,
  1e6,
  1e7,
  1e9,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  1e18,
  1e38,
  3.5e38,
  1e300,
  -1e300,
  1.7976931348623157e308,
];
const TOKENS = [
  "-0",
  "1e400",
  "-1e400",
  "NaN",
  "Infinity",
  "-Infinity",
  "0x10",
  "01",
  "1.",
  ".5",
  "+1",
  "1e",
  "undefined",
  "'a'",
  "1_000",
  "123456789012345678901234567890",
];
const TEXTS = [
  "",
  " ",
  "NaN",
  "Infinity",
  "-Infinity",
  "null",
  "0",
  "1e3",
  "../..",
  "../../outside/secret.txt",
  "/dev/zero",
  "/etc/passwd",
  ".",
  "/",
  "a\u0000b",
  "\u001b]0;title\u0007",
  "\u001b[2J",
  "line\nbreak",
  "tab\t",
  "<script>alert(1)</script>",
  "</script>",
  "&quot;\"'",
  "\u202Eright",
  "\uFEFF",
  "\uD800",
  "é",
  "e\u0301",
  "日本語",
  "😀😀",
  "%s%n",
  "$(touch x)",
  "`id`",
  "{}",
  "[0]",
  "preset:beta-vae",
  "__proto__",
  "constructor",
  "elbo",
  "mlp",
  "gaussian",
  "C:\\x",
  "file:///etc/passwd",
  "data:text/javascript,0",
  "node:fs",
];

export const hostileText = (random) =>
  random.weighted([
    [10, () => random.pick(TEXTS)],
    [1, () => "x".repeat(random.pick([255, 256, 4096, 5000, 100_000, 1_000_000]))],
    [1, () => random.pick(TEXTS).repeat(random.int(2, 2000))],
    [1, () => String.fromCodePoint(...random.times(1, 12, () => random.int(0, 0x2fff)))],
  ])();
export const hostileKey = (random) => (random.chance(0.8) ? random.pick(KEYS) : hostileText(random));
export const hostileNumber = (random) =>
  random.chance(0.9) ? random.pick(NUMBERS) : random.real(-1, 1) * 10 ** random.int(-40, 40);

const nested = (depth, isList) => {
  let value = 0;
  for (let level = 0; level < depth; level++) value = isList ? [value] : { a: value };
  return value;
};
const wide = (random) =>
  random.chance(0.5)
    ? Array.from({ length: random.pick([100, 10_000, 100_000]) }, () => 1)
    : Object.fromEntries(Array.from({ length: random.pick([100, 10_000]) }, (_, index) => [`k${index}`, index]));

export const hostileValue = (random, { tokens = true } = {}) =>
  random.weighted([
    [10, () => hostileNumber(random)],
    [tokens ? 2 : 0, () => new Raw(random.pick(TOKENS))],
    [6, () => hostileText(random)],
    [3, () => random.pick([null, true, false])],
    [
      3,
      () => random.pick([[], {}, [[]], [null], [0], [""], { type: 1 }, { type: "" }, { type: null }, { type: ["a"] }]),
    ],
    [1, () => nested(random.pick([2, 20, 99, 101, 250, 5000, 100_000]), random.chance(0.5))],
    [1, () => wide(random)],
    [2, () => random.times(0, 6, () => hostileNumber(random))],
    [2, () => put({}, hostileKey(random), hostileNumber(random))],
  ])();

/** Every [container, key] of a tree, nodes that are nested deeper than any sound file aside. */
const placesIn = (tree) => {
  const places = [];
  const open = [[tree, 0]];
  while (open.length > 0) {
    const [node, depth] = open.pop();
    if (!isTree(node) || depth > 40 || places.length > 50_000) continue;
    for (const key of Array.isArray(node) ? node.keys() : Object.keys(node)) {
      places.push([node, key]);
      open.push([node[key], depth + 1]);
    }
  }
  return places;
};

const CHANGES = [
  [8, (_random, node, key, { value }) => put(node, key, value())],
  [3, (_random, node, key) => (Array.isArray(node) ? node.splice(key, 1) : delete node[key])],
  [
    3,
    (random, node, key, { value }) =>
      Array.isArray(node) ? node.splice(key, 0, value()) : put(node, hostileKey(random), value()),
  ],
  [2, (_random, node, key) => Array.isArray(node) && node.push(copyOf(node[key]))],
  [
    2,
    (_random, node, key, { places, pick }) => {
      const [other, at] = pick(places);
      const [one, two] = [copyOf(node[key]), copyOf(other[at])];
      put(node, key, two);
      put(other, at, one);
    },
  ],
  [
    3,
    (random, node, key) => {
      const value = node[key];
      if (typeof value === "number")
        put(
          node,
          key,
          random.pick([-value, value + 0.5, value * 10 ** random.int(-12, 12), String(value), value + 1, value - 1]),
        );
      else if (typeof value === "string")
        put(
          node,
          key,
          random.pick([value.toUpperCase(), `${value} `, value.slice(1), value + value, [value], { type: value }]),
        );
      else if (typeof value === "boolean") put(node, key, random.pick([!value, Number(value), String(value)]));
      else put(node, key, random.pick([null, [value], { value }, spell(value).slice(0, 10_000)]));
    },
  ],
  [
    1,
    (random, node, key) => {
      const value = node[key];
      if (Array.isArray(value) && value.length > 0 && value.length < 1000)
        put(
          node,
          key,
          Array.from({ length: random.pick([2, 100, 5000]) }, (_, index) => value[index % value.length]),
        );
    },
  ],
];

/** The tree with a few changes. @param value draws what is put in; `hostileValue` unless given */
export const mutated = (random, tree, { value = () => hostileValue(random), most = 3 } = {}) => {
  if (random.chance(0.02)) return value();
  const copy = copyOf(tree);
  const count = random.int(1, most);
  for (let index = 0; index < count; index++) {
    const places = placesIn(copy);
    if (places.length === 0) break;
    const [node, key] = random.pick(places);
    random.weighted(CHANGES)(random, node, key, { value, places, pick: random.pick });
  }
  return copy;
};

/** None is large and still small enough that a model of this size is only slow. */
const SIZES = [1, 2, 3, 5, 17, 100, 1000, 3000, 1e10, 1e12, 0.5, 0.01, 1e-8, 1e-30, 1e30];
/** The tree with numbers exchanged for others that a check of types lets pass. */
export const resized = (random, tree) => {
  const copy = copyOf(tree);
  const numbers = placesIn(copy).filter(([node, key]) => typeof node[key] === "number");
  for (let count = random.int(1, 3); count > 0 && numbers.length > 0; count--) {
    const [node, key] = random.pick(numbers);
    put(node, key, random.pick(SIZES));
  }
  return copy;
};
