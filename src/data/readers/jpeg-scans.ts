/** Walks the markers of a JPEG (ITU-T T.81, annex B) to its end, to bound the work of the decoder beforehand. */
import { damaged } from "./data-file.js";
import type { ImageHeader } from "./image-headers.js";

const [START_OF_SCAN, END_OF_IMAGE] = [0xda, 0xd9];
/** Maximum of pixels times scans. Each scan traverses the whole image, and a progressive scan may be only a few bytes. */
const MOST_WORK = 2 ** 28;

/** Index of the next marker after the coded data of a scan; 0xFF 0x00 and restart markers belong to the data. */
const afterData = (bytes: Uint8Array, from: number): number => {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker !== 0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd7)) return at;
  }
  return bytes.length;
};

/** @throws DATA if the file is truncated, which a decoder would pad with zeros, or has more scans than any encoder writes */
export const checkScans = (bytes: Uint8Array, name: string, { width, height }: ImageHeader): void => {
  let scans = 0;
  for (let at = 2; ; ) {
    if (at + 2 > bytes.length)
      throw damaged(`${name} byte ${bytes.length}`, "the JPEG is truncated: it has no end marker");
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) throw damaged(`${name} byte ${at}`, "damaged JPEG: a marker is missing");
    if (marker === END_OF_IMAGE) return;
    if (marker === 0xff) at += 1;
    else {
      at += 2 + (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
      if (marker === START_OF_SCAN) {
        scans++;
        at = afterData(bytes, at);
      }
    }
    if (scans * width * height > MOST_WORK)
      throw damaged(name, `damaged JPEG: it has more than ${scans - 1} scans of ${width} x ${height} pixels`);
  }
};
