/** 2-D projection of the codes from samples/latents.npz, thinned evenly if it has too many points for a page. */

import { RUN_FILES, SAMPLE_FILES } from "../../storage/layout.js";
import { readNpz } from "../../storage/npz.js";
import { showShape } from "../../tensor/fields.js";
import { reasonNotDrawn } from "./picture.js";
import { missing, type Piece, pieceOf } from "./piece.js";

export interface Latents {
  points: readonly { x: number; y: number; label: string | undefined }[];
  /** In the file, before thinning. */
  total: number;
  /** 1 if the model has a single latent dimension; y is then the label, or 0. */
  components: 1 | 2;
  dimensions: number | undefined;
  labeled: boolean;
}

/** The label of a point without one. */
const UNKNOWN = "(none)";

/** @param names of the classes of the first label field */
export const readLatents = (folder: string, atMost: number, names: readonly string[] = []): Piece<Latents> => {
  const nameOf = (label: number): string => (label < 0 ? UNKNOWN : (names[label] ?? String(label)));
  const reason = reasonNotDrawn(folder, SAMPLE_FILES.latents);
  if (reason !== undefined) return missing(`it could not be drawn: ${reason}`);
  const file = `${RUN_FILES.samples}/${SAMPLE_FILES.latents}`;
  return pieceOf(folder, file, (path) => {
    const { codes, projection, label } = readNpz(path);
    if (!projection) throw new Error('it has no array "projection"');
    const [total = 0, columns] = projection.shape;
    if (projection.shape.length !== 2 || (columns !== 2 && columns !== 1))
      throw new Error(`"projection" has the shape ${showShape(projection.shape)}, not [n, 2]`);
    if (label && label.shape[0] !== total) throw new Error(`${label.shape[0]} labels for ${total} points`);
    const stride = Math.max(1, Math.ceil(total / atMost));
    const points: { x: number; y: number; label: string | undefined }[] = [];
    for (let i = 0; i < total; i += stride) {
      const x = projection.data[columns * i] ?? Number.NaN;
      const y = columns === 2 ? (projection.data[2 * i + 1] ?? Number.NaN) : (label?.data[i] ?? 0);
      if (Number.isFinite(x) && Number.isFinite(y)) points.push({ x, y, label: label && nameOf(label.data[i]!) });
    }
    return { points, total, components: columns, dimensions: codes?.shape[1], labeled: label !== undefined };
  });
};
