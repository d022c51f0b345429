/** Headers of PNG and JPEG files, so that unsupported images are refused before decoding. */
import { type Bytes, damaged } from "./data-file.js";
import { orientationOf, tiffOrientation } from "./image-orientation.js";

export interface ImageHeader {
  format: "PNG" | "JPEG";
  /** Size as stored, before the EXIF orientation is applied. */
  width: number;
  height: number;
  /** 1 for gray, 3 for color, without alpha. */
  channels: 1 | 3;
  /** EXIF orientation, 1 to 8; 1 is upright. */
  orientation: number;
}

/** Maximum pixels per image. Decoding so many takes seconds and half a GiB, and a tiny file can claim more. */
export const MOST_PIXELS = 2 ** 24;

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Gray, true color, palette, gray with alpha, true color with alpha. */
const PNG_CHANNELS: Readonly<Record<number, 1 | 3>> = { 0: 1, 2: 3, 3: 3, 4: 1, 6: 3 };

/** Chunks that are looked through for the orientation, and the bytes of one that has it: files of cameras have dozens. */
const MOST_CHUNKS = 4096;
const LONGEST_EXIF = 2 ** 16;

/** The orientation in the chunk eXIf (ISO/IEC 15948 third edition, 11.3.4.2), which lies before or after the pixels. */
const pngOrientation = ({ size, read }: Bytes): number => {
  for (let at = 8, chunks = 0; at + 12 <= size && chunks < MOST_CHUNKS; chunks++) {
    const head = Buffer.from(read(at, 8));
    const length = head.readUInt32BE(0);
    const type = head.toString("latin1", 4);
    if (type === "eXIf" && length <= Math.min(LONGEST_EXIF, size - at - 12))
      return tiffOrientation(read(at + 8, length));
    if (type === "IEND") return 1;
    at += 12 + length;
  }
  return 1;
};

const readPng = ({ size, read }: Bytes, name: string): ImageHeader => {
  if (size < 33) throw damaged(`${name} byte ${size}`, "the PNG ends inside its header");
  const bytes = read(0, 33);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452)
    throw damaged(`${name} byte 8`, "damaged PNG: it does not start with a header");
  const channels = PNG_CHANNELS[bytes[25]!];
  if (!channels) throw damaged(`${name} byte 25`, `damaged PNG: unknown color type ${bytes[25]}`);
  if (bytes[24]! > 8) {
    const remedy = "Save it with 8 bits.";
    throw damaged(`${name} byte 24`, `PNGs with ${bytes[24]} bits per channel are not supported`, { remedy });
  }
  const orientation = pngOrientation({ size, read });
  return { format: "PNG", width: view.getUint32(16), height: view.getUint32(20), channels, orientation };
};

/** Reason why a JPEG frame is unsupported; undefined if it is supported. */
const jpegRefusal = (marker: number, precision: number, components: number): string | undefined => {
  if (marker > 0xc2) return marker >= 0xc9 ? "arithmetic coding" : "a lossless or hierarchical frame";
  if (precision !== 8) return `${precision} bits per channel`;
  if (components === 4) return "four channels (CMYK)";
  return components === 1 || components === 3 ? undefined : `${components} channels`;
};

/** Marker of the EXIF segment. */
const APP1 = 0xe1;

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Maximum number of markers before the frame header, including 0xFF fill bytes. Each costs one read. */
const MOST_MARKERS = 4096;

/** Walks the markers up to the frame header. */
const readJpeg = ({ size, read }: Bytes, name: string): ImageHeader => {
  const cut = (at: number) => damaged(`${name} byte ${at}`, "the JPEG ends inside its header");
  let orientation = 1;
  for (let at = 2, markers = 0; ; markers++) {
    if (at + 4 > size) throw cut(size);
    const [first, marker, high, low] = read(at, 4);
    if (first !== 0xff || markers > MOST_MARKERS)
      throw damaged(`${name} byte ${at}`, "damaged JPEG: a marker is missing");
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) throw damaged(`${name} byte ${at}`, "damaged JPEG: it has no frame header");
    if (isFrame(marker!)) {
      if (at + 10 > size) throw cut(size);
      const bytes = read(at + 4, 6);
      const components = bytes[5]!;
      const refusal = jpegRefusal(marker!, bytes[0]!, components);
      if (refusal) {
        const remedy = "Save it as an ordinary gray or RGB JPEG, or as PNG.";
        throw damaged(`${name} byte ${at}`, `JPEGs with ${refusal} are not supported`, { remedy });
      }
      const [height, width] = [bytes[1]! * 256 + bytes[2]!, bytes[3]! * 256 + bytes[4]!];
      return { format: "JPEG", width, height, channels: components === 1 ? 1 : 3, orientation };
    }
    if (marker === APP1 && orientation === 1) {
      const length = Math.min(high! * 256 + low! - 2, size - at - 4);
      if (length > 0) orientation = orientationOf(read(at + 4, length));
    }
    at += 2 + high! * 256 + low!;
  }
};

/** @throws DATA naming the file and the byte */
export const imageHeader = (bytes: Bytes, name: string): ImageHeader => {
  if (bytes.size === 0) throw damaged(name, "the file is empty");
  const start = bytes.read(0, Math.min(8, bytes.size));
  const isPng = PNG.every((byte, i) => start[i] === byte);
  const isJpeg = start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff;
  if (!isPng && !isJpeg) throw damaged(name, "the file is neither a PNG nor a JPEG");
  const header = isPng ? readPng(bytes, name) : readJpeg(bytes, name);
  const { width, height } = header;
  if (width === 0 || height === 0 || width * height > MOST_PIXELS)
    throw damaged(name, `its header says ${width} x ${height} pixels; 1 to ${MOST_PIXELS} are supported`, {
      remedy: "Make the image smaller first.",
    });
  return header;
};
