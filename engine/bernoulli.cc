// The log-probability of independent Bernoullis by their logits, l x - softplus(l) summed over a row, and its gradient by the
// logits, x - sigmoid(l): in one pass over memory, where TensorFlow's own kernels take eight. Row r of the logits meets row
// r mod V of the V rows of values, so that draws of one batch need no copies of it.
#include "kernels.h"
#include "vectors.h"

namespace vaelab {
namespace {

struct Matrix {
  const float* data;
  int64_t rows;
  int64_t width;
};

VAELAB_INLINE float Total(const Floats& x) {
  float total = 0.0f;
  for (int i = 0; i < kWidth; i++) total += x[i];
  return total;
}

// What is not there of a row: its probability of 0 is 1.
constexpr float kNever = -100.0f;

// l x - softplus(l), where the first difference is exact for x of 0 and 1.
VAELAB_INLINE Floats Element(const Floats& logit, const Floats& value, const Floats& u) {
  return (logit * value - Rectified(logit)) - Log1p(u);
}

VAELAB_FOR_EVERY_PROCESSOR
void LogProb(const Matrix& logits, const Matrix& values, int64_t from, int64_t to, float* log_prob) {
  const int64_t width = logits.width;
  for (int64_t row = from; row < to; row++) {
    const float* l = logits.data + row * width;
    const float* x = values.data + row % values.rows * width;
    Floats sum = {};
    int64_t i = 0;
    for (; i + kWidth <= width; i += kWidth) {
      const Floats logit = Load(l + i);
      sum += Element(logit, Load(x + i), ExpOfMinus(Magnitude(logit)));
    }
    if (i < width) {
      const Floats logit = Load(l + i, width - i, kNever);
      sum += Element(logit, Load(x + i, width - i, 0.0f), ExpOfMinus(Magnitude(logit)));
    }
    log_prob[row - from] = Total(sum);
  }
}

VAELAB_FOR_EVERY_PROCESSOR
void LogProbAndResidual(const Matrix& logits, const Matrix& values, float* log_prob, float* residual) {
  const int64_t width = logits.width;
  for (int64_t row = 0; row < logits.rows; row++) {
    const float* l = logits.data + row * width;
    const float* x = values.data + row % values.rows * width;
    float* to = residual + row * width;
    Floats sum = {};
    int64_t i = 0;
    for (; i + kWidth <= width; i += kWidth) {
      const Floats logit = Load(l + i), value = Load(x + i), u = ExpOfMinus(Magnitude(logit));
      sum += Element(logit, value, u);
      Store(to + i, value - Sigmoid(logit, u));
    }
    if (i < width) {
      const int64_t rest = width - i;
      const Floats logit = Load(l + i, rest, kNever), value = Load(x + i, rest, 0.0f), u = ExpOfMinus(Magnitude(logit));
      sum += Element(logit, value, u);
      Store(to + i, value - Sigmoid(logit, u), rest);
    }
    log_prob[row] = Total(sum);
  }
}

Matrix MatrixOf(const Tensor& tensor) {
  return {static_cast<const float*>(TF_TensorData(tensor.get())), TF_Dim(tensor.get(), 0), TF_Dim(tensor.get(), 1)};
}
Tensor Output(TF_OpKernelContext* context, int index, const int64_t* shape, int rank, TF_Status* status) {
  size_t bytes = sizeof(float);
  for (int axis = 0; axis < rank; axis++) bytes *= static_cast<size_t>(shape[axis]);
  return Tensor(TF_AllocateOutput(context, index, TF_FLOAT, shape, rank, bytes, status));
}

// Which of how many equal parts of the rows a kernel computes.
struct Part {
  int64_t part = 0, parts = 1;
};

void ComputeLogProb(void* kernel, const Matrix& logits, const Matrix& values, TF_OpKernelContext* context,
                    TF_Status* status) {
  const auto [part, parts] = *static_cast<const Part*>(kernel);
  const int64_t from = logits.rows * part / parts, to = logits.rows * (part + 1) / parts, rows = to - from;
  const Tensor log_prob = Output(context, 0, &rows, 1, status);
  if (TF_GetCode(status) == TF_OK) LogProb(logits, values, from, to, DataOf(log_prob));
}

void ComputeLogProbAndResidual(void*, const Matrix& logits, const Matrix& values, TF_OpKernelContext* context,
                               TF_Status* status) {
  const int64_t shape[] = {logits.rows, logits.width};
  const Tensor log_prob = Output(context, 0, shape, 1, status);
  if (TF_GetCode(status) != TF_OK) return;
  const Tensor residual = Output(context, 1, shape, 2, status);
  if (TF_GetCode(status) == TF_OK) LogProbAndResidual(logits, values, DataOf(log_prob), DataOf(residual));
}

using Computation = void(void*, const Matrix&, const Matrix&, TF_OpKernelContext*, TF_Status*);

template <Computation* compute>
void WithInputs(void* kernel, TF_OpKernelContext* context, TF_Status* status) {
  const Tensor logits = Input(context, 0, status), values = Input(context, 1, status);
  if (TF_GetCode(status) != TF_OK) return;
  const bool matrices = TF_NumDims(logits.get()) == 2 && TF_NumDims(values.get()) == 2;
  const Matrix l = matrices ? MatrixOf(logits) : Matrix{}, x = matrices ? MatrixOf(values) : Matrix{};
  if (l.width == x.width && x.rows > 0 && l.rows % x.rows == 0)
    compute(kernel, l, x, context, status);
  else
    TF_SetStatus(status, TF_INVALID_ARGUMENT, "logits and values are not rows of one width");
}

void* CreatePart(TF_OpKernelConstruction* construction) {
  auto* part = new Part;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt64(construction, "part", &part->part, status);
  if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrInt64(construction, "parts", &part->parts, status);
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return part;
}
void DeletePart(void* part) { delete static_cast<Part*>(part); }

void UnknownShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}
void RowsAndLogits(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeHandle* logits = TF_NewShapeHandle();
  TF_ShapeHandle* rows = TF_NewShapeHandle();
  TF_ShapeInferenceContextGetInput(context, 0, logits, status);
  if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSubshape(context, logits, 0, 1, rows, status);
  if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, 0, rows, status);
  if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, 1, logits, status);
  TF_DeleteShapeHandle(rows);
  TF_DeleteShapeHandle(logits);
}

}  // namespace

std::string RegisterBernoulli() {
  static const std::string message = [] {
    const auto definition = [](const char* name) {
      TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(name);
      TF_OpDefinitionBuilderAddInput(op, "logits: float");
      TF_OpDefinitionBuilderAddInput(op, "values: float");
      TF_OpDefinitionBuilderAddOutput(op, "log_prob: float");
      return op;
    };
    TF_OpDefinitionBuilder* part = definition("VaelabBernoulli");
    TF_OpDefinitionBuilderAddAttr(part, "part: int");
    TF_OpDefinitionBuilderAddAttr(part, "parts: int");
    TF_OpDefinitionBuilderSetShapeInferenceFunction(part, UnknownShape);
    const std::string problem = Register("VaelabBernoulli", part, {CreatePart, Compute<WithInputs<ComputeLogProb>>, DeletePart});
    TF_OpDefinitionBuilder* both = definition("VaelabBernoulliWithResidual");
    TF_OpDefinitionBuilderAddOutput(both, "residual: float");
    TF_OpDefinitionBuilderSetShapeInferenceFunction(both, RowsAndLogits);
    const std::string other =
        Register("VaelabBernoulliWithResidual", both, {nullptr, Compute<WithInputs<ComputeLogProbAndResidual>>, nullptr});
    return problem.empty() ? other : problem;
  }();
  return message;
}

}  // namespace vaelab
