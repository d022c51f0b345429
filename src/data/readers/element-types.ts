/** Supported element types by their numpy codes: numbers, and text for labels. */

export interface NumberType {
  /** For messages. */
  name: string;
  /** Bytes per element. */
  bytes: 1 | 2 | 4 | 8;
  kind: "boolean" | "integer" | "float";
  read(view: DataView, at: number): number;
}
export interface TextType {
  name: string;
  bytes: number;
  kind: "text";
  /** Strips the padding zeros. */
  read(view: DataView, at: number): string;
}
export type ElementType = NumberType | TextType;

const number = (
  name: string,
  bytes: NumberType["bytes"],
  kind: NumberType["kind"],
  read: NumberType["read"],
): NumberType => ({ name, bytes, kind, read });

/** IEEE 754 binary16: a sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
const half = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

const numberType = (letters: string, little: boolean): NumberType | undefined => {
  switch (letters) {
    case "b1":
      return number("booleans", 1, "boolean", (view, at) => view.getUint8(at));
    case "u1":
      return number("bytes", 1, "integer", (view, at) => view.getUint8(at));
    case "i1":
      return number("signed bytes", 1, "integer", (view, at) => view.getInt8(at));
    case "u2":
      return number("unsigned 16-bit integers", 2, "integer", (view, at) => view.getUint16(at, little));
    case "i2":
      return number("16-bit integers", 2, "integer", (view, at) => view.getInt16(at, little));
    case "u4":
      return number("unsigned 32-bit integers", 4, "integer", (view, at) => view.getUint32(at, little));
    case "i4":
      return number("32-bit integers", 4, "integer", (view, at) => view.getInt32(at, little));
    case "u8":
      return number("unsigned 64-bit integers", 8, "integer", (view, at) => Number(view.getBigUint64(at, little)));
    case "i8":
      return number("64-bit integers", 8, "integer", (view, at) => Number(view.getBigInt64(at, little)));
    case "f2":
      return number("16-bit floats", 2, "float", (view, at) => half(view.getUint16(at, little)));
    case "f4":
      return number("floats", 4, "float", (view, at) => view.getFloat32(at, little));
    case "f8":
      return number("doubles", 8, "float", (view, at) => view.getFloat64(at, little));
    default:
      return undefined;
  }
};

/** "U7": at most 7 characters of 4 bytes each (UTF-32); "S7": at most 7 bytes, read as UTF-8. */
const textType = (letters: string, little: boolean): TextType | undefined => {
  const [, kind, digits] = /^([US])([1-9]\d{0,5})$/.exec(letters) ?? [];
  if (!kind) return undefined;
  const length = Number(digits);
  const trimmed = (text: string): string => text.replace(/\0+$/, "");
  if (kind === "S") {
    const decoder = new TextDecoder();
    const read: TextType["read"] = ({ buffer, byteOffset }, at) =>
      trimmed(decoder.decode(new Uint8Array(buffer, byteOffset + at, length)));
    return { name: "byte strings", bytes: length, kind: "text", read };
  }
  const read: TextType["read"] = (view, at) => {
    let text = "";
    for (let i = 0; i < length; i++) {
      const point = view.getUint32(at + 4 * i, little);
      text += point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
    }
    return trimmed(text);
  };
  return { name: "strings", bytes: 4 * length, kind: "text", read };
};

/** Finds a type by its numpy code without the byte order. @param little whether the byte order is little-endian */
export const elementType = (letters: string, little: boolean): ElementType | undefined =>
  numberType(letters, little) ?? textType(letters, little);
