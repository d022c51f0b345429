// Unpacks bytes to floats, all of them or rows by index. Rows of a resident split are rarely in a cache; as bytes they
// need a quarter of the memory traffic.
#ifndef VAELAB_ROWS_H_
#define VAELAB_ROWS_H_

#include <string>

#include "kernels.h"
#include "vectors.h"

namespace vaelab {

// Bytes of a cache line, and number of rows to prefetch.
constexpr int64_t kLine = 64, kAhead = 4;

VAELAB_INLINE void Fetch(const uint8_t* at) {
#if defined(__GNUC__)
  __builtin_prefetch(at);
#endif
}

// Divides each byte by `divisor`, rounded once.
VAELAB_INLINE void Unpack(const uint8_t* bytes, int64_t count, float divisor, float* to) {
  if (divisor == 1.0f)
    for (int64_t i = 0; i < count; i++) to[i] = static_cast<float>(bytes[i]);
  else
    for (int64_t i = 0; i < count; i++) to[i] = static_cast<float>(bytes[i]) / divisor;
}

VAELAB_FOR_EVERY_PROCESSOR
static void UnpackBytes(const uint8_t* bytes, int64_t count, float divisor, float* to) {
  Unpack(bytes, count, divisor, to);
}

VAELAB_FOR_EVERY_PROCESSOR
static void UnpackRows(const uint8_t* matrix, int64_t width, const int32_t* numbers, int64_t count, float divisor,
                       float* to) {
  for (int64_t row = 0; row < count; row++) {
    if (row + kAhead < count)
      for (int64_t i = 0; i < width; i += kLine) Fetch(matrix + numbers[row + kAhead] * width + i);
    Unpack(matrix + numbers[row] * width, width, divisor, to + row * width);
  }
}

struct BytesOp : OpKernel {
  explicit BytesOp(OpKernelConstruction* construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("divisor", &divisor_));
  }
  float divisor_ = 1.0f;
};
struct UnpackBytesOp : BytesOp {
  using BytesOp::BytesOp;
  void Compute(OpKernelContext* context) override {
    const Tensor& bytes = context->input(0);
    Tensor* out = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, bytes.shape(), &out));
    UnpackBytes(bytes.flat<uint8_t>().data(), bytes.NumElements(), divisor_, Data(out));
  }
};
REGISTER_OP("VaelabUnpackBytes")
    .Input("bytes: uint8")
    .Output("values: float")
    .Attr("divisor: float")
    .SetShapeFn(SameShape);
REGISTER_KERNEL_BUILDER(Name("VaelabUnpackBytes").Device(DEVICE_CPU), UnpackBytesOp);

struct GatherBytesOp : BytesOp {
  using BytesOp::BytesOp;
  void Compute(OpKernelContext* context) override {
    const Tensor &matrix = context->input(0), &numbers = context->input(1);
    OP_REQUIRES(context, matrix.dims() > 0 && numbers.dims() == 1,
                absl::InvalidArgumentError("no list of rows of a matrix"));
    const int64_t size = matrix.dim_size(0), count = numbers.NumElements();
    const int64_t width = size == 0 ? 0 : matrix.NumElements() / size;
    const int32_t* number = numbers.flat<int32_t>().data();
    for (int64_t i = 0; i < count; i++)
      OP_REQUIRES(context, number[i] >= 0 && number[i] < size,
                  absl::InvalidArgumentError("row " + std::to_string(number[i]) + " of " + std::to_string(size) +
                                             " is asked for"));
    TensorShape shape = matrix.shape();
    shape.set_dim(0, count);
    Tensor* out = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, shape, &out));
    const uint8_t* bytes = matrix.flat<uint8_t>().data();
    InParallel(context, count, width / 2, [&](int64_t from, int64_t to) {
      UnpackRows(bytes, width, number + from, to - from, divisor_, Data(out) + from * width);
    });
  }
};
REGISTER_OP("VaelabGatherBytes")
    .Input("matrix: uint8")
    .Input("numbers: int32")
    .Output("rows: float")
    .Attr("divisor: float")
    .SetShapeFn([](InferenceContext* context) {
      context->set_output(0, context->UnknownShape());
      return absl::OkStatus();
    });
REGISTER_KERNEL_BUILDER(Name("VaelabGatherBytes").Device(DEVICE_CPU), GatherBytesOp);

}  // namespace vaelab

#endif  // VAELAB_ROWS_H_
