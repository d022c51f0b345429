#include "session.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>

#include "tensorflow/core/common_runtime/device_mgr.h"
#include "tensorflow/core/framework/resource_mgr.h"
#include "tensorflow/core/framework/resource_var.h"
#include "tensorflow/core/framework/tensor.h"
#include "tensorflow/core/platform/denormal.h"
#include "tensorflow/core/protobuf/config.pb.h"
#include "tensorflow/core/public/session.h"
#include "workers.h"

namespace vaelab {
namespace {

using tensorflow::Tensor;

int open_sessions = 0;

void Check(const absl::Status& status) {
  if (!status.ok()) throw Failure(std::string(status.message()));
}

// Memory owned by the caller. TensorFlow never writes results into a buffer that it does not own.
class Borrowed : public tensorflow::TensorBuffer {
 public:
  explicit Borrowed(const Bytes& bytes) : TensorBuffer(bytes.data), size_(bytes.length) {}
  size_t size() const override { return size_; }
  TensorBuffer* root_buffer() override { return this; }
  void FillAllocationDescription(tensorflow::AllocationDescription*) const override {}
  bool OwnsMemory() const override { return false; }

 private:
  size_t size_;
};

Tensor CopyOf(tensorflow::DataType type, const tensorflow::TensorShape& shape, const Bytes& bytes) {
  Tensor copy(type, shape);
  if (bytes.length > 0) std::memcpy(copy.data(), bytes.data, bytes.length);
  return copy;
}

// Used in place if aligned for vector instructions, else copied.
Tensor TensorOf(tensorflow::DataType type, const tensorflow::TensorShape& shape, const Bytes& bytes) {
  if (bytes.length > 0 && reinterpret_cast<uintptr_t>(bytes.data) % tsl::Allocator::kAllocatorAlignment == 0)
    return Tensor(type, shape, tsl::core::RefCountPtr<tensorflow::TensorBuffer>(new Borrowed(bytes)));
  return CopyOf(type, shape, bytes);
}

// Shape and type of the tensors of a slot.
struct Layout {
  explicit Layout(const Slot& slot)
      : type(static_cast<tensorflow::DataType>(slot.type)),
        shape(slot.shape),
        bytes(static_cast<size_t>(shape.num_elements() * DataTypeSize(type))) {}
  tensorflow::DataType type;
  tensorflow::TensorShape shape;
  size_t bytes;
};

}  // namespace

class Session {
 public:
  explicit Session(const Bytes& graph) {
    tensorflow::GraphDef definition;
    if (!definition.ParseFromArray(graph.data, static_cast<int>(graph.length)))
      throw Failure("what is opened is no GraphDef");
    tensorflow::Session* session = nullptr;
    Check(NewSession(tensorflow::SessionOptions(), &session));
    session_.reset(session);
    Check(session_->Create(std::move(definition)));
    open_sessions++;
  }
  ~Session() { Close(); }

  void Close() {
    if (session_ == nullptr) return;
    open_sessions--;
    // The status is ignored: the session is destroyed either way.
    session_->Close().IgnoreError();
    session_.reset();
  }

  // Throws Failure if it is closed.
  tensorflow::Session& Open() {
    if (session_ == nullptr) throw Failure("the session is closed");
    return *session_;
  }
  bool IsOpen() const { return session_ != nullptr; }
  // The device that holds its variables.
  tensorflow::ResourceMgr& Resources() {
    const tensorflow::DeviceMgr* devices = nullptr;
    Check(Open().LocalDeviceManager(&devices));
    return *devices->HostCPU()->resource_manager();
  }

 private:
  std::unique_ptr<tensorflow::Session> session_;
};

struct Call::Prepared {
  std::shared_ptr<Session> session;
  tensorflow::CallableOptions options;
  std::vector<Layout> inputs;
  int threads = 1;
  tensorflow::Session::CallableHandle handle = 0;
};

Call::Call(std::shared_ptr<Session> session, const Signature& signature) : prepared_(new Prepared) {
  prepared_->session = std::move(session);
  prepared_->threads = std::max(1, signature.threads);
  tensorflow::CallableOptions& options = prepared_->options;
  for (const Slot& feed : signature.feeds) {
    prepared_->inputs.emplace_back(feed);
    options.add_feed(feed.name);
  }
  for (const std::string& fetch : signature.fetches) options.add_fetch(fetch);
  // Ops run one after another in the calling thread, because waking another one is slow; other threads only run parts
  // of ops.
  options.mutable_run_options()->set_inter_op_thread_pool(-1);
  Check(prepared_->session->Open().MakeCallable(options, &prepared_->handle));
}

Call::~Call() {
  if (prepared_->session->IsOpen()) prepared_->session->Open().ReleaseCallable(prepared_->handle).IgnoreError();
}

// Blocks signals in the calling thread during its lifetime. oneDNN's kernels use the stack pointer register for other
// data, so a signal handler would write to foreign memory. Signals wait or go to another thread.
class WithoutSignals {
 public:
  WithoutSignals() {
    sigset_t most;
    sigfillset(&most);
    // Work in the calling thread never misses a deadline.
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) sigdelset(&most, own);
    pthread_sigmask(SIG_BLOCK, &most, &before_);
  }
  ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

void Call::Run(const std::vector<Bytes>& values, const Receive& receive, std::string* trace) {
  tensorflow::Session& session = prepared_->session->Open();
  if (values.size() != prepared_->inputs.size()) throw Failure("a call takes one value for each feed");
  std::vector<Tensor> fed, fetched;
  fed.reserve(values.size());
  for (size_t i = 0; i < values.size(); i++) {
    const auto& [type, shape, bytes] = prepared_->inputs[i];
    if (values[i].length != bytes) throw Failure("what is fed has another size than the call was prepared for");
    fed.push_back(TensorOf(type, shape, values[i]));
  }
  tsl::thread::ThreadPoolOptions pools;
  pools.intra_op_threadpool = &Workers::Of(prepared_->threads);
  const WithoutSignals undisturbed;
  // Flush denormals, as TensorFlow's own threads do. Adam's moments of weights without gradient decay to denormal
  // numbers, which some processors handle a hundred times slower.
  const tsl::port::ScopedFlushDenormal without_denormals;
  if (trace == nullptr) {
    Check(session.RunCallable(prepared_->handle, fed, &fetched, nullptr, pools));
  } else {
    tensorflow::CallableOptions options = prepared_->options;
    options.mutable_run_options()->set_trace_level(tensorflow::RunOptions::FULL_TRACE);
    tensorflow::Session::CallableHandle handle = 0;
    tensorflow::RunMetadata metadata;
    Check(session.MakeCallable(options, &handle));
    const absl::Status status = session.RunCallable(handle, fed, &fetched, &metadata, pools);
    Check(session.ReleaseCallable(handle));
    Check(status);
    metadata.SerializeToString(trace);
  }
  for (const Tensor& tensor : fetched) receive(tensor.dtype(), {tensor.data(), tensor.TotalBytes()});
}

std::shared_ptr<Session> OpenSession(const Bytes& graph) { return std::make_shared<Session>(graph); }
void CloseSession(Session& session) { session.Close(); }
int OpenSessions() { return open_sessions; }

void WriteVariable(Session& session, const Slot& slot, const Bytes& value) {
  tensorflow::ResourceMgr& resources = session.Resources();
  const Layout layout(slot);
  if (value.length != layout.bytes)
    throw Failure("the variable " + slot.name + " has another size than what it is set to");
  const auto make = [&](tensorflow::Var** variable) {
    *variable = new tensorflow::Var(layout.type);
    return absl::OkStatus();
  };
  tensorflow::Var* found = nullptr;
  Check(resources.LookupOrCreate<tensorflow::Var>(resources.default_container(), slot.name, &found, make));
  const tensorflow::core::RefCountPtr<tensorflow::Var> variable(found);
  const tensorflow::mutex_lock lock(*variable->mu());
  *variable->tensor() = CopyOf(layout.type, layout.shape, value);
  variable->is_initialized = true;
}

void ReadVariable(Session& session, const std::string& name, const Receive& receive) {
  tensorflow::ResourceMgr& resources = session.Resources();
  tensorflow::Var* found = nullptr;
  Check(resources.Lookup(resources.default_container(), name, &found));
  const tensorflow::core::RefCountPtr<tensorflow::Var> variable(found);
  const tensorflow::tf_shared_lock lock(*variable->mu());
  const Tensor& tensor = *variable->tensor();
  receive(tensor.dtype(), {tensor.data(), tensor.TotalBytes()});
}

int64_t SecondLevelCache() { return Eigen::l2CacheSize(); }

}  // namespace vaelab
