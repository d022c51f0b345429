// Floats as bytes, where bytes can stand for them: the other way of rows.h.
#ifndef VAELAB_PACK_H_
#define VAELAB_PACK_H_

#include <algorithm>

#include "vectors.h"

namespace vaelab {

typedef uint8_t ByteVector __attribute__((vector_size(kWidth)));

// The bytes of sixteen floats; `different` gets the bits in which the floats are others than these bytes over
// `divisor`.
VAELAB_INLINE ByteVector Packed(const Floats& values, float divisor, Ints* different) {
  const Floats scaled = values * divisor + 0.5f;
  // Of what is no byte, such as NaN, some byte, which then means another value.
  const Floats positive = scaled > 0.0f ? scaled : Floats{};
  const Floats bounded = positive < 255.0f ? positive : Floats{} + 255.0f;
  const Ints bytes = __builtin_convertvector(bounded, Ints);
  const Floats meant = __builtin_convertvector(bytes, Floats) / divisor;
  // By bits, for a zero that has a sign would lose it.
  *different |= (Ints)meant ^ (Ints)values;
  return __builtin_convertvector(bytes, ByteVector);
}

// Whether all of the values are a byte over `divisor`, rounded once, bit for bit; `to` gets the bytes where they are.
VAELAB_FOR_EVERY_PROCESSOR
static bool PackBytes(const float* values, int64_t count, float divisor, uint8_t* to) {
  // Looked at now and then: most of what is no bytes shows at once.
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
