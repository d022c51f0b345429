// Ops of vaelab's own, by TensorFlow's C interface.
#ifndef VAELAB_KERNELS_H_
#define VAELAB_KERNELS_H_

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
