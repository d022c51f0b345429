/** What convolutional encoders and decoders share: their fields, and the data that they refuse. */

import type { ResolvedFields, Siblings } from "../contracts/kinds.js";
import { VaelabError } from "../errors.js";
import { type FieldSchema, type Shape, sizeOf } from "../tensor/fields.js";
import { type Extent, extentsAlong, STRIDE, type Stride, showStride, strided } from "./convolution.js";
import { SIZES } from "./dense.js";
import { FOLLOWING } from "./follow.js";
import { type Maps, mapsOfField, showMaps } from "./maps.js";
import { mirrorOf } from "./mirror.js";
import { refuseZeroWeights } from "./weights.js";

/** Schemas without default or description. */
export const CONVOLUTIONAL = {
  filters: { ...SIZES, minItems: 1 },
  kernel: { type: "integer", minimum: 1 },
  strides: { type: "array", items: STRIDE, minItems: 1 },
  hidden: SIZES,
  ...FOLLOWING,
} as const;

const HALVING = 2;
type Strided = Readonly<Record<string, unknown>>;
/** The given strides, or 2 for each convolution. */
export const stridesOf = ({ filters, strides }: Strided): readonly Stride[] =>
  (strides ?? (filters as readonly number[]).map(() => HALVING)) as readonly Stride[];
/** The same for fields that mirror those of an encoder. */
export const mirroredStrides = ({ filters, strides }: Strided): readonly Stride[] =>
  stridesOf({
    filters,
    ...((strides as unknown[] | undefined)?.length === (filters as unknown[]).length && { strides }),
  });

/** @throws SPEC_COMBINATION unless every layer has a stride */
export const checkStrides = (filters: readonly unknown[], strides: readonly unknown[]): void => {
  if (strides.length === filters.length) return;
  throw new VaelabError("SPEC_COMBINATION", {
    message: `${filters.length} layers of filters have ${strides.length} strides`,
    remedy: 'Give "strides" one for each of "filters", or leave it out: it is then 2 in each.',
  });
};

/** Hooks that encoders with these fields share. */
export const stridedEncoder = {
  resolve: (fields: ResolvedFields): ResolvedFields => {
    const strides = stridesOf(fields);
    checkStrides(fields.filters as readonly unknown[], strides);
    return refuseZeroWeights({ ...fields, strides });
  },
  refuses: (fields: ResolvedFields, field: FieldSchema): string | undefined => strideRefusal(stridesOf(fields), field),
} as const;

/**
 * Hooks that decoders with these fields share. A decoder mirrors an encoder of its type; strides are in the decoder's order.
 */
export const stridedDecoder = (type: string, defaults: Strided) =>
  ({
    resolve: (fields: ResolvedFields, { encoder }: Siblings): ResolvedFields => {
      const mirrored = { ...mirrorOf(type, defaults, encoder), ...fields };
      const strides = fields.strides ?? mirroredStrides(mirrored);
      checkStrides(mirrored.filters as unknown[], strides as unknown[]);
      return refuseZeroWeights({ ...mirrored, strides });
    },
    refuses: (fields: ResolvedFields, field: FieldSchema): string | undefined =>
      strideRefusal(stridesOf(fields).toReversed(), field),
  }) as const;

/** Why these strides do not fit this field, with what would fit. */
export const strideRefusal = (strides: readonly Stride[], field: FieldSchema): string | undefined => {
  const maps = mapsOfField(field);
  if (!maps) {
    const found = field.shape.length > 0 ? `, not a ${field.kind} of shape [${field.shape}]` : `, not a ${field.kind}`;
    return `convolutions need an image [height, width, channels] or a sequence [length, channels]${found}: use an mlp`;
  }
  const { extent, along } = maps;
  const steps = strides.map(along);
  if (extentsAlong(extent, steps)) return undefined;
  const fitting = steps.findIndex((_, i) => !extentsAlong(extent, steps.slice(0, i + 1)));
  const left = steps.slice(0, fitting).reduce<Extent>(strided, extent);
  return `after ${fitting} of the strides [${strides.map(showStride).join(", ")}] ${showMaps(field)} is ${left.join(" x ")}, over which there is no stride of ${showStride(strides[fitting]!)}: use fewer layers or smaller strides`;
};

/**
 * What a decoder of images or sequences passes: extents from the smallest to that of the field, by strides in its own order, and the
 * channels of the likelihood's parameters. @throws CONTRACT where those are no whole number of maps
 */
export const decoderShapes = (
  given: readonly Stride[],
  field: FieldSchema,
  output: Shape,
): Omit<Maps, "extent"> & { extents: readonly Extent[]; strides: readonly Stride[]; channels: number } => {
  const { extent, along } = mapsOfField(field)!;
  const [height, width] = extent;
  const strides = given.map(along);
  const channels = sizeOf(output) / (height * width);
  if (!Number.isInteger(channels)) {
    const message = `the likelihood asks for [${output}], which is no whole number of maps of ${height} x ${width}`;
    throw new VaelabError("CONTRACT", { message });
  }
  return { extents: extentsAlong(extent, strides.toReversed())!.toReversed(), strides, channels, along };
};
