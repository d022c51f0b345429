// The sum of squares of all elements.
#ifndef VAELAB_SQUARES_H_
#define VAELAB_SQUARES_H_

#include <algorithm>
#include <vector>

#include "kernels.h"
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

struct SquaredNormOp : OpKernel {
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* context) override {
    Tensor* out = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, TensorShape({}), &out));
    double sum = 0.0;
    for (int i = 0; i < context->num_inputs(); i++) {
      const Tensor& x = context->input(i);
      // Parts of fixed size, so that the sum does not depend on the number of threads.
      const int64_t count = x.NumElements(), parts = (count + kPart - 1) / kPart;
      std::vector<double> sums(static_cast<size_t>(parts));
      InParallel(context, parts, kPart / 4, [&sums, count, data = Data(x)](int64_t first, int64_t last) {
        for (int64_t part = first; part < last; part++)
          sums[static_cast<size_t>(part)] = SumOfSquares(data + part * kPart, std::min(kPart, count - part * kPart));
      });
      for (const double each : sums) sum += each;
    }
    *Data(out) = static_cast<float>(sum);
  }
  static constexpr int64_t kPart = 1 << 15;
};
REGISTER_OP("VaelabSquaredNorm").Input("x: N * float").Output("sum: float").Attr("N: int >= 1").SetShapeFn(ScalarShape);
REGISTER_KERNEL_BUILDER(Name("VaelabSquaredNorm").Device(DEVICE_CPU), SquaredNormOp);

}  // namespace vaelab

#endif  // VAELAB_SQUARES_H_
