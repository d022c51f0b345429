// Adam's update, sixteen elements at a time, where TensorFlow's own kernel takes fewer.
#ifndef VAELAB_ADAM_H_
#define VAELAB_ADAM_H_

#include "vectors.h"

namespace vaelab {

struct AdamRates {
  // The learning rate, corrected for both moments' first values.
  float rate;
  // 1 - beta1 and 1 - beta2.
  float mean, square;
  float epsilon;
};

// m += (g - m)(1 - b1), v += (g^2 - v)(1 - b2), x -= m rate / (sqrt v + epsilon). Results may go where the values stand.
VAELAB_FOR_EVERY_PROCESSOR
static void AdamUpdate(const AdamRates& rates, const float* gradient, int64_t count, const float* x, const float* m,
                       const float* v, float* next_x, float* next_m, float* next_v) {
  const auto [rate, mean, square, epsilon] = rates;
#if defined(__clang__)
#pragma clang loop vectorize(assume_safety)
#else
#pragma GCC ivdep
#endif
  for (int64_t i = 0; i < count; i++) {
    const float g = gradient[i];
    const float first = m[i] + (g - m[i]) * mean;
    const float second = v[i] + (g * g - v[i]) * square;
    next_m[i] = first;
    next_v[i] = second;
    next_x[i] = x[i] - first * rate / (__builtin_sqrtf(second) + epsilon);
  }
}

}  // namespace vaelab

#endif  // VAELAB_ADAM_H_
