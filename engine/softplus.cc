// Softplus, for TensorFlow's own kernel computes exp and log1p one element at a time.
#include "kernels.h"
#include "vectors.h"

namespace vaelab {
namespace {

// ln(1 + exp(x)) = max(x, 0) + ln(1 + exp(-|x|)).
VAELAB_INLINE Floats Softplus(const Floats& x) { return Rectified(x) + Log1p(ExpOfMinus(Magnitude(x))); }

VAELAB_FOR_EVERY_PROCESSOR
void SoftplusOf(const float* in, float* out, int64_t count) {
  int64_t i = 0;
  for (; i + kWidth <= count; i += kWidth) {
    const Floats x = Load(in + i);
    Store(out + i, Softplus(x));
  }
  const Floats x = Load(in + i, count - i, 0.0f);
  Store(out + i, Softplus(x), count - i);
}

void ComputeSoftplus(void*, TF_OpKernelContext* context, TF_Status* status) {
  const Tensor in = Input(context, 0, status);
  if (TF_GetCode(status) != TF_OK) return;
  int64_t shape[kMostAxes] = {};
  const int rank = TF_NumDims(in.get());
  if (rank > kMostAxes)
    return TF_SetStatus(status, TF_INVALID_ARGUMENT, "softplus of a tensor of more than eight axes");
  for (int axis = 0; axis < rank; axis++) shape[axis] = TF_Dim(in.get(), axis);
  const size_t bytes = TF_TensorByteSize(in.get());
  const Tensor out(TF_AllocateOutput(context, 0, TF_FLOAT, shape, rank, bytes, status));
  if (TF_GetCode(status) == TF_OK)
    SoftplusOf(DataOf(in), DataOf(out), static_cast<int64_t>(bytes / sizeof(float)));
}

void SameShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeHandle* shape = TF_NewShapeHandle();
  TF_ShapeInferenceContextGetInput(context, 0, shape, status);
  if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, 0, shape, status);
  TF_DeleteShapeHandle(shape);
}

}  // namespace

std::string RegisterSoftplus() {
  static const std::string message = [] {
    TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder("VaelabSoftplus");
    TF_OpDefinitionBuilderAddInput(op, "features: float");
    TF_OpDefinitionBuilderAddOutput(op, "activations: float");
    TF_OpDefinitionBuilderSetShapeInferenceFunction(op, SameShape);
    return Register("VaelabSoftplus", op, {nullptr, Compute<ComputeSoftplus>, nullptr});
  }();
  return message;
}

}  // namespace vaelab
