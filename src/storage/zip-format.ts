/** Numbers of the zip format (PKWARE APPNOTE 4.3) and of deflate, for all code here that reads or writes archives. */

/** Signatures, as little-endian numbers of 32 bits. */
export const LOCAL = 0x04034b50;
export const ENTRY = 0x02014b50;
export const END = 0x06054b50;

/** Size of the fixed part of each record, in bytes. */
export const LOCAL_BYTES = 30;
export const ENTRY_BYTES = 46;
export const END_BYTES = 22;

/** In bytes, after the end record. */
export const LONGEST_COMMENT = 0xffff;
/** A 32-bit field with this value refers to a zip64 record; smaller values need no zip64. */
export const ELSEWHERE = 0xffffffff;

/** No deflated stream unpacks to more than this many times its size (RFC 1951: 258 bytes in two bits). */
export const LARGEST_RATIO = 1032;
