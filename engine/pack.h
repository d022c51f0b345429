// Packs floats as bytes if bytes represent them exactly: the inverse of rows.h.
#ifndef VAELAB_PACK_H_
#define VAELAB_PACK_H_

#include <algorithm>

#include "vectors.h"

namespace vaelab {

typedef uint8_t ByteVector __attribute__((vector_size(kWidth)));

// The bytes of sixteen floats; `different` collects the bits in which the floats differ from these bytes over
// `divisor`.
VAELAB_INLINE ByteVector Packed(const Floats& values, float divisor, Ints* different) {
  const Floats scaled = values * divisor + 0.5f;
  // Values that are not bytes, such as NaN, give an arbitrary byte, which then differs.
  const Floats positive = scaled > 0.0f ? scaled : Floats{};
  const Floats bounded = positive < 255.0f ? positive : Floats{} + 255.0f;
  const Ints bytes = __builtin_convertvector(bounded, Ints);
  const Floats meant = __builtin_convertvector(bytes, Floats) / divisor;
  // Bitwise comparison, because a negative zero would lose its sign.
  *different |= (Ints)meant ^ (Ints)values;
  return __builtin_convertvector(bytes, ByteVector);
}

// Whether every value equals a byte over `divisor`, rounded once, bit for bit; if so, `to` gets the bytes.
VAELAB_FOR_EVERY_PROCESSOR
static bool PackBytes(const float* values, int64_t count, float divisor, uint8_t* to) {
  // Checked in intervals, because most data that are not bytes differ early.
  constexpr int64_t kLook = 4096;
  for (int64_t start = 0; start < count; start += kLook) {
    const int64_t end = std::min(start + kLook, count);
    Ints different = {};
    int64_t i = start;
    for (; i + kWidth <= end; i += kWidth) {
      const ByteVector bytes = Packed(Load(values + i), divisor, &different);
      std::memcpy(to + i, &bytes, sizeof bytes);
    }
    if (i < end) {
      const ByteVector bytes = Packed(Load(values + i, end - i, 0.0f), divisor, &different);
      std::memcpy(to + i, &bytes, static_cast<size_t>(end - i));
    }
    for (int i = 0; i < kWidth; i++)
      if (different[i] != 0) return false;
  }
  return true;
}

}  // namespace vaelab

#endif  // VAELAB_PACK_H_
