// Ops of vaelab's own. What they compute is in the headers of their names; here is how TensorFlow calls it.
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "adam.h"
#include "bernoulli.h"
#include "rows.h"
#include "softplus.h"
#include "squares.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/resource_mgr.h"
#include "tensorflow/core/framework/resource_var.h"
#include "tensorflow/core/framework/shape_inference.h"

namespace vaelab {
namespace {

using tensorflow::DEVICE_CPU;
using tensorflow::OpInputList;
using tensorflow::OpKernel;
using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;
using tensorflow::Var;
using tensorflow::shape_inference::InferenceContext;

const float* Data(const Tensor& tensor) { return tensor.flat<float>().data(); }
float* Data(Tensor* tensor) { return tensor->flat<float>().data(); }

// `compute` for the numbers below `total`, by as many threads as they pay; `cycles` is what one takes.
void InParallel(OpKernelContext* context, int64_t total, int64_t cycles, const std::function<void(int64_t, int64_t)>& compute) {
  context->device()->tensorflow_cpu_worker_threads()->workers->ParallelFor(
      total, tsl::thread::ThreadPool::SchedulingParams::Adaptive(cycles), compute);
}

absl::Status SameShape(InferenceContext* context) {
  context->set_output(0, context->input(0));
  return absl::OkStatus();
}
absl::Status ScalarShape(InferenceContext* context) {
  context->set_output(0, context->Scalar());
  return absl::OkStatus();
}
absl::Status NoShape(InferenceContext*) { return absl::OkStatus(); }

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

// With two outputs the gradient too, times the third input: one number a row, or one for all.
struct BernoulliOp : OpKernel {
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* context) override {
    const Tensor &logits = context->input(0), &values = context->input(1);
    OP_REQUIRES(context, logits.dims() == 2 && values.dims() == 2, absl::InvalidArgumentError("logits and values are no matrices"));
    const int64_t rows = logits.dim_size(0), width = logits.dim_size(1), period = values.dim_size(0);
    OP_REQUIRES(context, width == values.dim_size(1) && period > 0 && rows % period == 0,
                absl::InvalidArgumentError("logits and values are not rows of one width"));
    const Bernoullis of{Data(logits), Data(values), period, width};
    Tensor *log_prob = nullptr, *gradient = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, TensorShape({rows}), &log_prob));
    if (num_outputs() == 1) {
      InParallel(context, rows, 3 * width, [&](int64_t from, int64_t to) { BernoulliLogProb(of, from, to, Data(log_prob)); });
      return;
    }
    const Tensor& scale = context->input(2);
    OP_REQUIRES(context, scale.NumElements() == 1 || scale.NumElements() == rows,
                absl::InvalidArgumentError("the scale has neither one number nor one for each row"));
    OP_REQUIRES_OK(context, context->allocate_output(1, logits.shape(), &gradient));
    InParallel(context, rows, 4 * width, [&](int64_t from, int64_t to) {
      BernoulliWithGradient(of, Data(scale), scale.NumElements() == 1, from, to, Data(log_prob), Data(gradient));
    });
  }
};
absl::Status BernoulliShape(InferenceContext* context) {
  tensorflow::shape_inference::ShapeHandle logits;
  TF_RETURN_IF_ERROR(context->WithRank(context->input(0), 2, &logits));
  context->set_output(0, context->Vector(context->Dim(logits, 0)));
  if (context->num_outputs() > 1) context->set_output(1, logits);
  return absl::OkStatus();
}
REGISTER_OP("VaelabBernoulli").Input("logits: float").Input("values: float").Output("log_prob: float").SetShapeFn(BernoulliShape);
REGISTER_OP("VaelabBernoulliWithGradient")
    .Input("logits: float")
    .Input("values: float")
    .Input("scale: float")
    .Output("log_prob: float")
    .Output("gradient: float")
    .SetShapeFn(BernoulliShape);
REGISTER_KERNEL_BUILDER(Name("VaelabBernoulli").Device(DEVICE_CPU), BernoulliOp);
REGISTER_KERNEL_BUILDER(Name("VaelabBernoulliWithGradient").Device(DEVICE_CPU), BernoulliOp);

struct SquaredNormOp : OpKernel {
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* context) override {
    Tensor* out = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, TensorShape({}), &out));
    double sum = 0.0;
    for (int i = 0; i < context->num_inputs(); i++) {
      const Tensor& x = context->input(i);
      // Parts of one size, however many threads there are: so the sum is the same.
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
REGISTER_OP("VaelabUnpackBytes").Input("bytes: uint8").Output("values: float").Attr("divisor: float").SetShapeFn(SameShape);
REGISTER_KERNEL_BUILDER(Name("VaelabUnpackBytes").Device(DEVICE_CPU), UnpackBytesOp);

struct GatherBytesOp : BytesOp {
  using BytesOp::BytesOp;
  void Compute(OpKernelContext* context) override {
    const Tensor &matrix = context->input(0), &numbers = context->input(1);
    OP_REQUIRES(context, matrix.dims() > 0 && numbers.dims() == 1, absl::InvalidArgumentError("no list of rows of a matrix"));
    const int64_t size = matrix.dim_size(0), count = numbers.NumElements();
    const int64_t width = size == 0 ? 0 : matrix.NumElements() / size;
    const int32_t* number = numbers.flat<int32_t>().data();
    for (int64_t i = 0; i < count; i++)
      OP_REQUIRES(context, number[i] >= 0 && number[i] < size,
                  absl::InvalidArgumentError("row " + std::to_string(number[i]) + " of " + std::to_string(size) + " is asked for"));
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

// The tensor that an update writes to: the variable's own, or another where somebody still reads that.
absl::Status TensorToWrite(OpKernelContext* context, Var* variable, Tensor* to) {
  if (!variable->tensor()->RefCountIsOne())
    return context->allocate_temp(tensorflow::DT_FLOAT, variable->tensor()->shape(), to);
  *to = *variable->tensor();
  return absl::OkStatus();
}

// Of N variables. Locks are left alone: in these graphs edges say who touches a variable when.
struct ApplyAdamOp : OpKernel {
  using OpKernel::OpKernel;
  void Compute(OpKernelContext* context) override {
    OpInputList gradients;
    OP_REQUIRES_OK(context, context->input_list("gradients", &gradients));
    const int count = gradients.size();
    const auto scalar = [&](int i) { return context->input(3 * count + i).scalar<float>()(); };
    const float beta1_power = scalar(0), beta2_power = scalar(1), rate = scalar(2), beta1 = scalar(3), beta2 = scalar(4);
    const AdamRates rates{rate * std::sqrt(1 - beta2_power) / (1 - beta1_power), 1 - beta1, 1 - beta2, scalar(5)};
    for (int i = 0; i < count; i++) {
      tensorflow::core::RefCountPtr<Var> variables[3];
      Tensor next[3];
      const float* now[3];
      float* then[3];
      for (int j = 0; j < 3; j++) {
        OP_REQUIRES_OK(context, LookupResource(context, tensorflow::HandleFromInput(context, j * count + i), &variables[j]));
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

}  // namespace
}  // namespace vaelab
