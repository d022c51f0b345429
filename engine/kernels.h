// Ops of vaelab's own, by TensorFlow's C interface.
#ifndef VAELAB_KERNELS_H_
#define VAELAB_KERNELS_H_

#include <memory>
#include <string>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace vaelab {

constexpr int kMostAxes = 8;

struct OpKernel {
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*destroy)(void*);
};

struct TensorDeleter {
  void operator()(TF_Tensor* tensor) const { TF_DeleteTensor(tensor); }
};
using Tensor = std::unique_ptr<TF_Tensor, TensorDeleter>;

inline float* DataOf(const Tensor& tensor) { return static_cast<float*>(TF_TensorData(tensor.get())); }

// An input; nothing where something failed before.
inline Tensor Input(TF_OpKernelContext* context, int index, TF_Status* status) {
  TF_Tensor* tensor = nullptr;
  if (TF_GetCode(status) == TF_OK) TF_GetInput(context, index, &tensor, status);
  return Tensor(tensor);
}

// `compute`, with what it says of itself told to TensorFlow.
template <void (*compute)(void*, TF_OpKernelContext*, TF_Status*)>
void Compute(void* kernel, TF_OpKernelContext* context) {
  TF_Status* status = TF_NewStatus();
  compute(kernel, context, status);
  if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(context, status);
  TF_DeleteStatus(status);
}

// Takes `op`, and makes it known with this kernel; the message where that fails, else empty.
inline std::string Register(const char* name, TF_OpDefinitionBuilder* op, const OpKernel& own) {
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(op, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", own.create, own.compute, own.destroy);
    TF_RegisterKernelBuilder(name, kernel, status);
  }
  const std::string message = TF_GetCode(status) == TF_OK ? "" : TF_Message(status);
  TF_DeleteStatus(status);
  return message;
}

// The kernels, each made known once a process.
std::string RegisterSoftplus();
std::string RegisterBernoulli();

}  // namespace vaelab

#endif  // VAELAB_KERNELS_H_
