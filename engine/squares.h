// The sum of squares of all elements.
#ifndef VAELAB_SQUARES_H_
#define VAELAB_SQUARES_H_

#include "vectors.h"

namespace vaelab {

VAELAB_FOR_EVERY_PROCESSOR
static double SumOfSquares(const float* x, int64_t count) {
  Floats sums[4] = {};
  int64_t i = 0;
  for (; i + 4 * kWidth <= count; i += 4 * kWidth)
    for (int j = 0; j < 4; j++) {
      const Floats each = Load(x + i + j * kWidth);
      sums[j] += each * each;
    }
  double rest = 0.0;
  for (; i < count; i++) rest += static_cast<double>(x[i]) * x[i];
  return rest + Total((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

}  // namespace vaelab

#endif  // VAELAB_SQUARES_H_
