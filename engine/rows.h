// Bytes as floats, whole or rows of them by their numbers. A split that stays with the engine is read at rows that no cache holds: as bytes
// they are a quarter to fetch.
#ifndef VAELAB_ROWS_H_
#define VAELAB_ROWS_H_

#include "vectors.h"

namespace vaelab {

// What a processor fetches of memory at once, and how many rows ahead of the one that is read.
constexpr int64_t kLine = 64, kAhead = 4;

VAELAB_INLINE void Fetch(const uint8_t* at) {
#if defined(__GNUC__)
  __builtin_prefetch(at);
#endif
}

// Each byte over `divisor`, rounded once.
VAELAB_INLINE void Unpack(const uint8_t* bytes, int64_t count, float divisor, float* to) {
  if (divisor == 1.0f)
    for (int64_t i = 0; i < count; i++) to[i] = static_cast<float>(bytes[i]);
  else
    for (int64_t i = 0; i < count; i++) to[i] = static_cast<float>(bytes[i]) / divisor;
}

VAELAB_FOR_EVERY_PROCESSOR
static void UnpackBytes(const uint8_t* bytes, int64_t count, float divisor, float* to) { Unpack(bytes, count, divisor, to); }

VAELAB_FOR_EVERY_PROCESSOR
static void UnpackRows(const uint8_t* matrix, int64_t width, const int32_t* numbers, int64_t count, float divisor, float* to) {
  for (int64_t row = 0; row < count; row++) {
    if (row + kAhead < count)
      for (int64_t i = 0; i < width; i += kLine) Fetch(matrix + numbers[row + kAhead] * width + i);
    Unpack(matrix + numbers[row] * width, width, divisor, to + row * width);
  }
}

}  // namespace vaelab

#endif  // VAELAB_ROWS_H_
