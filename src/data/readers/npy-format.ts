/** Arrays in numpy's .npy format, as files or as members of an .npz archive. */
import { readNpyHeader } from "../../storage/npy.js";
import { memberContent, memberHead, type ZipMember, zipDirectory } from "../../storage/zip.js";
import { type ArrayFile, checkClaim, fileSize, rowMajor } from "./arrays.js";
import { bytesInMemory, type DataFile, damaged, LARGEST_WHOLE, withFile } from "./data-file.js";
import { type ElementType, elementType } from "./element-types.js";
import { contentOf, headOf } from "./gzip.js";

/** In numpy's notation: byte order, kind and size ("<f4", "|u1"). */
const typeOf = (descriptor: string, name: string): ElementType => {
  const type = elementType(descriptor.slice(1), descriptor[0] !== ">");
  if (type && /^[<>|=]/.test(descriptor)) return type;
  const remedy = descriptor.includes("O")
    ? 'It holds pickled Python objects, which vaelab never loads: save array.astype(float), or array.astype("U") for labels.'
    : "Convert it by astype to booleans, integers, floats of 16 to 64 bits or, for labels, strings.";
  throw damaged(`${name} byte 10`, `unsupported dtype "${descriptor}"`, { remedy });
};

const arrayOf = (head: { bytes: Uint8Array; most: number; packed: boolean }, name: string): Omit<ArrayFile, "open"> => {
  if (head.bytes.length === 0) throw damaged(name, "the file is empty");
  const { descriptor, columnMajor, shape, start } = readNpyHeader(head.bytes, name);
  const header = { name, shape, start, columnMajor, type: typeOf(descriptor, name) };
  checkClaim(header, head);
  if (columnMajor && fileSize(header) > LARGEST_WHOLE) {
    const remedy = "Save numpy.ascontiguousarray(array), which is read in place.";
    throw damaged(name, `an array in Fortran order is read into memory, and ${fileSize(header)} bytes are too many`, {
      remedy,
    });
  }
  return header;
};

/** Reads only the header. @throws DATA naming the byte */
export const readNpy = (file: DataFile): ArrayFile => {
  const head = headOf(file);
  const header = arrayOf(head, file.name);
  return { ...header, open: () => rowMajor(header, contentOf(file, head, fileSize(header))) };
};

const REMEDY = "Save the array with numpy.save: .npy files are read in place.";

/** Arrays of an archive by name. Only headers are read until an array is opened, which verifies its checksum. */
export const openNpz = (file: DataFile): { names: string[]; array(name: string): ArrayFile } => {
  const members: ZipMember[] = withFile(file, (bytes) => zipDirectory(bytes, file.name));
  const arrays = new Map(members.map((member) => [member.name.replace(/\.npy$/, ""), member]));
  const array = (name: string): ArrayFile => {
    const member = arrays.get(name);
    if (!member) {
      const remedy = arrays.size > 0 ? `It holds: ${[...arrays.keys()].join(", ")}.` : "It holds no arrays.";
      throw damaged(file.name, `the archive has no array "${name}"`, { remedy });
    }
    const shown = `${file.name}/${member.name}`;
    if (Math.max(member.size, member.packed) > LARGEST_WHOLE)
      throw damaged(shown, `it decompresses to ${member.size} bytes: too many for memory`, { remedy: REMEDY });
    const head = withFile(file, (bytes) => memberHead(bytes, member, file.name));
    const header = arrayOf({ bytes: head, most: member.size, packed: false }, shown);
    const content = (): Uint8Array => withFile(file, (bytes) => memberContent(bytes, member, file.name));
    return { ...header, open: () => rowMajor(header, bytesInMemory(content(), shown)) };
  };
  return { names: [...arrays.keys()], array };
};
