/** The EXIF orientation of a JPEG or PNG (CIPA DC-008, tag 0x0112): how stored rows and columns map to the upright image. */
export interface Pixels {
  /** [height, width, channels]. */
  data: Uint8Array;
  height: number;
  width: number;
  channels: number;
}

const TAG = 0x0112;
const SHORT = 3;
/** Maximum number of directory entries; cameras write some dozens. */
const MOST_ENTRIES = 512;

/** @param segment of the marker APP1, without marker and length. @returns 1 to 8; 1 if it holds no readable orientation */
export const orientationOf = (segment: Uint8Array): number => {
  if (Buffer.from(segment.subarray(0, 6)).toString("latin1") !== "Exif\0\0") return 1;
  return tiffOrientation(segment.subarray(6));
};

/** @param tiff what follows "Exif" in a JPEG, and all of the chunk eXIf of a PNG. @returns as above */
export const tiffOrientation = (tiff: Uint8Array): number => {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.byteLength < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = Math.min(MOST_ENTRIES, view.getUint16(directory, little));
  for (let at = directory + 2; at < directory + 2 + 12 * entries && at + 12 <= view.byteLength; at += 12) {
    if (view.getUint16(at, little) !== TAG) continue;
    const value = view.getUint16(at + 8, little);
    return view.getUint16(at + 2, little) === SHORT && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
};

/** Orientations 5 to 8 swap rows and columns. */
export const isTurned = (orientation: number): boolean => orientation >= 5;

/** By orientation: the stored row and column of the upright pixel (y, x), of H stored rows and W stored columns. */
const PLACES: Readonly<Record<number, (y: number, x: number, H: number, W: number) => readonly [number, number]>> = {
  2: (y, x, _, W) => [y, W - 1 - x],
  3: (y, x, H, W) => [H - 1 - y, W - 1 - x],
  4: (y, x, H) => [H - 1 - y, x],
  5: (y, x) => [x, y],
  6: (y, x, H) => [H - 1 - x, y],
  7: (y, x, H, W) => [H - 1 - x, W - 1 - y],
  8: (y, x, _, W) => [x, W - 1 - y],
};

export const upright = (pixels: Pixels, orientation: number): Pixels => {
  const place = PLACES[orientation];
  if (!place) return pixels;
  const { data, height: H, width: W, channels } = pixels;
  const [height, width] = isTurned(orientation) ? [W, H] : [H, W];
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [row, column] = place(y, x, H, W);
      for (let c = 0; c < channels; c++)
        turned[(y * width + x) * channels + c] = data[(row * W + column) * channels + c]!;
    }
  return { data: turned, height, width, channels };
};
