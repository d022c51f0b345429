// Vectorized softplus; TensorFlow's own kernel computes exp and log1p one element at a time.
#ifndef VAELAB_SOFTPLUS_H_
#define VAELAB_SOFTPLUS_H_

#include "kernels.h"
#include "vectors.h"

namespace vaelab {

// ln(1 + exp(x)) = max(x, 0) + ln(1 + exp(-|x|)).
VAELAB_FOR_EVERY_PROCESSOR
static void Softplus(const float* in, float* out, int64_t count) {
  for (int64_t i = 0; i < count; i += kWidth) {
    const int64_t rest = count - i < kWidth ? count - i : kWidth;
    const Floats x = rest == kWidth ? Load(in + i) : Load(in + i, rest, 0.0f);
    const Floats y = Rectified(x) + Log1p(ExpOfMinus(Magnitude(x)));
    if (rest == kWidth)
      Store(out + i, y);
    else
      Store(out + i, y, rest);
  }
}

struct SoftplusOp : OpKernel {
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* context) override {
    const Tensor& in = context->input(0);
    Tensor* out = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, in.shape(), &out));
    InParallel(context, in.NumElements(), 4, [from = Data(in), to = Data(out)](int64_t first, int64_t last) {
      Softplus(from + first, to + first, last - first);
    });
  }
};
REGISTER_OP("VaelabSoftplus").Input("features: float").Output("activations: float").SetShapeFn(SameShape);
REGISTER_KERNEL_BUILDER(Name("VaelabSoftplus").Device(DEVICE_CPU), SoftplusOp);

}  // namespace vaelab

#endif  // VAELAB_SOFTPLUS_H_
