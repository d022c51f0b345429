// Shared by the kernels of vaelab's own ops.
#ifndef VAELAB_KERNELS_H_
#define VAELAB_KERNELS_H_

#include <algorithm>
#include <functional>

#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"
#include "workers.h"

namespace vaelab {

using tensorflow::DEVICE_CPU;
using tensorflow::OpInputList;
using tensorflow::OpKernel;
using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;
using tensorflow::shape_inference::InferenceContext;

inline const float* Data(const Tensor& tensor) { return tensor.flat<float>().data(); }
inline float* Data(Tensor* tensor) { return tensor->flat<float>().data(); }

// Minimum cycles of a part that is worth another thread.
constexpr int64_t kWorthDividing = 20000;

// Runs `compute` for all indices below `total` on as many threads as pay off; `cycles` is the cost per index.
inline void InParallel(OpKernelContext* context, int64_t total, int64_t cycles,
                       const std::function<void(int64_t, int64_t)>& compute) {
  tsl::thread::ThreadPool* pool = context->device()->tensorflow_cpu_worker_threads()->workers;
  if (auto* workers = dynamic_cast<Workers*>(pool->AsEigenThreadPool()))
    return workers->Divide(total, kWorthDividing / std::max<int64_t>(cycles, 1), compute);
  pool->ParallelFor(total, tsl::thread::ThreadPool::SchedulingParams::Adaptive(cycles), compute);
}

inline absl::Status SameShape(InferenceContext* context) {
  context->set_output(0, context->input(0));
  return absl::OkStatus();
}
inline absl::Status ScalarShape(InferenceContext* context) {
  context->set_output(0, context->Scalar());
  return absl::OkStatus();
}
inline absl::Status NoShape(InferenceContext*) { return absl::OkStatus(); }

}  // namespace vaelab

#endif  // VAELAB_KERNELS_H_
