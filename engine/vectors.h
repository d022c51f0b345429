// Vectors of sixteen floats, with functions that TensorFlow computes one element at a time. Accurate to two units in
// the last place.
#ifndef VAELAB_VECTORS_H_
#define VAELAB_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

// Functions with this mark are compiled for several processor types, and the best available version runs.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__)
#define VAELAB_FOR_EVERY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VAELAB_FOR_EVERY_PROCESSOR
#endif
#define VAELAB_INLINE inline __attribute__((always_inline))

namespace vaelab {

constexpr int kWidth = 16;
typedef float Floats __attribute__((vector_size(4 * kWidth)));
typedef int32_t Ints __attribute__((vector_size(4 * kWidth)));

// Loads `count` floats, at most sixteen, and pads with `rest`.
VAELAB_INLINE Floats Load(const float* from, int64_t count, float rest) {
  Floats x = Floats{} + rest;
  std::memcpy(&x, from, static_cast<size_t>(count) * sizeof(float));
  return x;
}
VAELAB_INLINE Floats Load(const float* from) {
  Floats x;
  std::memcpy(&x, from, sizeof x);
  return x;
}
VAELAB_INLINE void Store(float* to, const Floats& x, int64_t count = kWidth) {
  std::memcpy(to, &x, static_cast<size_t>(count) * sizeof(float));
}

VAELAB_INLINE Floats Magnitude(const Floats& x) { return (Floats)((Ints)x & 0x7fffffff); }
VAELAB_INLINE Floats Rectified(const Floats& x) { return x < 0.0f ? Floats{} : x; }

// exp(-a) for 0 <= a: 2^n exp(f) with |f| <= ln 2 / 2. The result is at least the smallest normal number.
VAELAB_INLINE Floats ExpOfMinus(const Floats& a) {
  const Floats bounded = a > 87.0f ? Floats{} + 87.0f : a;
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the last bits.
  const Floats shifted = bounded * -1.44269504f + 12582912.0f;
  const Floats n = shifted - 12582912.0f;
  const Floats f = (-bounded - n * 0.693359375f) + n * 2.12194440e-4f;
  Floats p = f * 1.98756915e-4f + 1.39819994e-3f;
  p = p * f + 8.33345205e-3f;
  p = p * f + 4.16657962e-2f;
  p = p * f + 1.66666657e-1f;
  p = p * f + 0.5f;
  p = p * f * f + f + 1.0f;
  const Ints exponent = (Ints)shifted - (Ints)(Floats{} + 12582912.0f) + 127;
  return p * (Floats)(exponent << 23);
}

// ln(1 + u) = 2 artanh(t) with t = u / (2 + u), for 0 <= u <= 1, so that t <= 1/3.
VAELAB_INLINE Floats Log1pOfRatio(const Floats& t) {
  const Floats s = t * t;
  Floats p = s * (1.0f / 13) + 1.0f / 11;
  p = p * s + 1.0f / 9;
  p = p * s + 1.0f / 7;
  p = p * s + 1.0f / 5;
  p = p * s + 1.0f / 3;
  return 2.0f * t + 2.0f * t * s * p;
}
VAELAB_INLINE Floats Log1p(const Floats& u) { return Log1pOfRatio(u / (u + 2.0f)); }

// 1 / (1 + exp(-x)) from `u` = exp(-|x|) and `inverse` = 1 / (1 + u); NaN for NaN.
VAELAB_INLINE Floats Sigmoid(const Floats& x, const Floats& u, const Floats& inverse) {
  return (x < 0.0f ? u : Floats{} + 1.0f) * inverse;
}

VAELAB_INLINE float Total(const Floats& x) {
  float total = 0.0f;
  for (int i = 0; i < kWidth; i++) total += x[i];
  return total;
}

}  // namespace vaelab

#endif  // VAELAB_VECTORS_H_
