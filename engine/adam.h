// Adam's update, sixteen elements at a time; TensorFlow's own kernel uses narrower vectors.
#ifndef VAELAB_ADAM_H_
#define VAELAB_ADAM_H_

#include <cmath>

#include "kernels.h"
#include "tensorflow/core/framework/resource_mgr.h"
#include "tensorflow/core/framework/resource_var.h"
#include "vectors.h"

namespace vaelab {

struct AdamRates {
  // Learning rate with bias correction of both moments.
  float rate;
  // 1 - beta1 and 1 - beta2.
  float mean, square;
  float epsilon;
};

// m += (g - m)(1 - b1), v += (g^2 - v)(1 - b2), x -= m rate / (sqrt v + epsilon). Works in place.
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

// The output tensor of an update: the variable's own, or a new one if another op still reads it.
inline absl::Status TensorToWrite(OpKernelContext* context, tensorflow::Var* variable, Tensor* to) {
  if (!variable->tensor()->RefCountIsOne())
    return context->allocate_temp(tensorflow::DT_FLOAT, variable->tensor()->shape(), to);
  *to = *variable->tensor();
  return absl::OkStatus();
}

// Updates N variables without locks: control edges order all accesses to a variable in these graphs.
struct ApplyAdamOp : OpKernel {
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* context) override {
    OpInputList gradients;
    OP_REQUIRES_OK(context, context->input_list("gradients", &gradients));
    const int count = gradients.size();
    const auto scalar = [&](int i) { return context->input(3 * count + i).scalar<float>()(); };
    const float beta1_power = scalar(0), beta2_power = scalar(1), rate = scalar(2), beta1 = scalar(3),
                beta2 = scalar(4);
    const AdamRates rates{rate * std::sqrt(1 - beta2_power) / (1 - beta1_power), 1 - beta1, 1 - beta2, scalar(5)};
    for (int i = 0; i < count; i++) {
      tensorflow::core::RefCountPtr<tensorflow::Var> variables[3];
      Tensor next[3];
      const float* now[3];
      float* then[3];
      for (int j = 0; j < 3; j++) {
        OP_REQUIRES_OK(context,
                       LookupResource(context, tensorflow::HandleFromInput(context, j * count + i), &variables[j]));
        OP_REQUIRES(context, variables[j]->tensor()->NumElements() == gradients[i].NumElements(),
                    absl::InvalidArgumentError("a gradient has another size than its variable"));
        OP_REQUIRES_OK(context, TensorToWrite(context, variables[j].get(), &next[j]));
        now[j] = Data(*variables[j]->tensor());
        then[j] = Data(&next[j]);
      }
      InParallel(context, gradients[i].NumElements(), 2, [&, gradient = Data(gradients[i])](int64_t from, int64_t to) {
        AdamUpdate(rates, gradient + from, to - from, now[0] + from, now[1] + from, now[2] + from, then[0] + from,
                   then[1] + from, then[2] + from);
      });
      for (int j = 0; j < 3; j++) *variables[j]->tensor() = next[j];
    }
  }
};
REGISTER_OP("VaelabApplyAdam")
    .Input("variables: N * resource")
    .Input("means: N * resource")
    .Input("squares: N * resource")
    .Input("beta1_power: float")
    .Input("beta2_power: float")
    .Input("learning_rate: float")
    .Input("beta1: float")
    .Input("beta2: float")
    .Input("epsilon: float")
    .Input("gradients: N * float")
    .Attr("N: int >= 1")
    .SetIsStateful()
    .SetShapeFn(NoShape);
REGISTER_KERNEL_BUILDER(Name("VaelabApplyAdam").Device(DEVICE_CPU), ApplyAdamOp);

}  // namespace vaelab

#endif  // VAELAB_ADAM_H_
