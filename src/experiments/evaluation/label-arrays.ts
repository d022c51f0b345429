/** Labels as arrays of an .npz: codes beside the names of their classes, as in `z["label.names"][z["label"]]`. */
import { NAMES, type NumpyArrays, OBSERVED } from "../../storage/npz.js";
import { classNames, type FieldSchema } from "../../tensor/fields.js";

/** @param codes one per row, -1 where the label is unknown */
export const labelArrays = (name: string, field: FieldSchema, codes: Int32Array): NumpyArrays => {
  const names = classNames(field);
  return { [name]: { shape: [codes.length], data: codes }, [name + NAMES]: { shape: [names.length], text: names } };
};

/** The same with a mask of the known labels, if some are not: a code of -1 would index the last name. */
export const maskedLabelArrays = (name: string, field: FieldSchema, codes: Int32Array): NumpyArrays => {
  const observed = Uint8Array.from(codes, (code) => Number(code >= 0));
  return {
    ...labelArrays(name, field, codes),
    ...(observed.includes(0) && { [name + OBSERVED]: { shape: [codes.length], data: observed } }),
  };
};
