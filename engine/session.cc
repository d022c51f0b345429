// Sessions of TensorFlow graphs. tfjs-node's binding has them too, but looks every name up at every call, copies what is fed
// twice and what is fetched once more. Here a call is prepared once: names are resolved, types and shapes known, so that a run
// is a session run and no more, with what is fed read in place and what is fetched copied once.
#include <node_api.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "kernels.h"
#include "tensorflow/c/c_api.h"

namespace {

// Sessions that are not closed, for tests of what is left behind.
int open_sessions = 0;

struct Session {
  TF_Graph* graph = nullptr;
  TF_Session* session = nullptr;

  void Close() {
    TF_Status* status = TF_NewStatus();
    if (session != nullptr) {
      open_sessions--;
      TF_CloseSession(session, status);
      TF_DeleteSession(session, status);
    }
    if (graph != nullptr) TF_DeleteGraph(graph);
    TF_DeleteStatus(status);
    session = nullptr;
    graph = nullptr;
  }
  ~Session() { Close(); }
};

struct Feed {
  TF_DataType type;
  std::vector<int64_t> shape;
  size_t bytes;
};

struct Call {
  // Keeps the session alive for as long as a call of it may be run.
  std::shared_ptr<Session> session;
  std::vector<TF_Output> inputs;
  std::vector<Feed> feeds;
  std::vector<TF_Output> outputs;
};

struct StatusDeleter {
  void operator()(TF_Status* status) const { TF_DeleteStatus(status); }
};
using Status = std::unique_ptr<TF_Status, StatusDeleter>;
Status NewStatus() { return Status(TF_NewStatus()); }

napi_value Fail(napi_env env, const std::string& message) {
  napi_throw_error(env, nullptr, message.c_str());
  return nullptr;
}
bool Failed(napi_env env, const Status& status) {
  if (TF_GetCode(status.get()) == TF_OK) return false;
  napi_throw_error(env, nullptr, TF_Message(status.get()));
  return true;
}

std::vector<napi_value> Arguments(napi_env env, napi_callback_info info, size_t count) {
  std::vector<napi_value> values(count);
  napi_get_cb_info(env, info, &count, values.data(), nullptr, nullptr);
  return values;
}

struct Bytes {
  void* data = nullptr;
  size_t length = 0;
};
// The bytes of a typed array, whatever its type.
bool ReadBytes(napi_env env, napi_value value, Bytes* bytes) {
  bool is_typed = false;
  if (napi_is_typedarray(env, value, &is_typed) != napi_ok || !is_typed) return false;
  napi_typedarray_type type;
  size_t length = 0;
  if (napi_get_typedarray_info(env, value, &type, &length, &bytes->data, nullptr, nullptr) != napi_ok) return false;
  bytes->length = length * (type == napi_uint8_array ? 1 : 4);
  return type == napi_uint8_array || type == napi_float32_array || type == napi_int32_array;
}

uint32_t LengthOf(napi_env env, napi_value list) {
  uint32_t length = 0;
  napi_get_array_length(env, list, &length);
  return length;
}
napi_value At(napi_env env, napi_value list, uint32_t index) {
  napi_value value = nullptr;
  napi_get_element(env, list, index, &value);
  return value;
}
std::string Text(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, &text[0], length + 1, &length);
  return text;
}

// "node:output" as an output of the graph; false, with an exception, where the graph has none.
bool Resolve(napi_env env, const Session& session, const std::string& name, TF_Output* output) {
  const size_t colon = name.rfind(':');
  output->oper = TF_GraphOperationByName(session.graph, name.substr(0, colon).c_str());
  output->index = colon == std::string::npos ? 0 : std::stoi(name.substr(colon + 1));
  if (output->oper != nullptr) return true;
  Fail(env, "the graph has no " + name);
  return false;
}

// open(graph: Uint8Array) => session
napi_value Open(napi_env env, napi_callback_info info) {
  Bytes bytes;
  if (!ReadBytes(env, Arguments(env, info, 1)[0], &bytes)) return Fail(env, "open takes a graph, as bytes");
  Status status = NewStatus();
  auto session = std::make_shared<Session>();
  session->graph = TF_NewGraph();
  TF_Buffer* definition = TF_NewBufferFromString(bytes.data, bytes.length);
  TF_ImportGraphDefOptions* import = TF_NewImportGraphDefOptions();
  TF_GraphImportGraphDef(session->graph, definition, import, status.get());
  TF_DeleteImportGraphDefOptions(import);
  TF_DeleteBuffer(definition);
  if (Failed(env, status)) return nullptr;
  TF_SessionOptions* options = TF_NewSessionOptions();
  session->session = TF_NewSession(session->graph, options, status.get());
  TF_DeleteSessionOptions(options);
  if (Failed(env, status)) return nullptr;
  open_sessions++;
  napi_value result;
  napi_create_external(
      env, new std::shared_ptr<Session>(session),
      [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<Session>*>(data); }, nullptr, &result);
  return result;
}

// prepare(session, feedNames: string[], feedTypes: number[], feedShapes: number[][], fetchNames: string[]) => call
napi_value Prepare(napi_env env, napi_callback_info info) {
  const std::vector<napi_value> arguments = Arguments(env, info, 5);
  void* data = nullptr;
  if (napi_get_value_external(env, arguments[0], &data) != napi_ok) return Fail(env, "prepare takes a session");
  auto call = std::make_unique<Call>();
  call->session = *static_cast<std::shared_ptr<Session>*>(data);
  if (call->session->graph == nullptr) return Fail(env, "the session is closed");
  const uint32_t feeds = LengthOf(env, arguments[1]);
  for (uint32_t i = 0; i < feeds; i++) {
    TF_Output input;
    if (!Resolve(env, *call->session, Text(env, At(env, arguments[1], i)), &input)) return nullptr;
    int32_t type = 0;
    napi_get_value_int32(env, At(env, arguments[2], i), &type);
    Feed feed{static_cast<TF_DataType>(type), {}, TF_DataTypeSize(static_cast<TF_DataType>(type))};
    const napi_value shape = At(env, arguments[3], i);
    for (uint32_t axis = 0; axis < LengthOf(env, shape); axis++) {
      int64_t size = 0;
      napi_get_value_int64(env, At(env, shape, axis), &size);
      feed.shape.push_back(size);
      feed.bytes *= static_cast<size_t>(size);
    }
    call->inputs.push_back(input);
    call->feeds.push_back(std::move(feed));
  }
  for (uint32_t i = 0; i < LengthOf(env, arguments[4]); i++) {
    TF_Output output;
    if (!Resolve(env, *call->session, Text(env, At(env, arguments[4], i)), &output)) return nullptr;
    call->outputs.push_back(output);
  }
  napi_value result;
  napi_create_external(env, call.release(), [](napi_env, void* call, void*) { delete static_cast<Call*>(call); },
                       nullptr, &result);
  return result;
}

napi_value ToArray(napi_env env, TF_Tensor* tensor) {
  napi_typedarray_type type;
  switch (TF_TensorType(tensor)) {
    case TF_FLOAT:
      type = napi_float32_array;
      break;
    case TF_INT32:
      type = napi_int32_array;
      break;
    case TF_BOOL:
      type = napi_uint8_array;
      break;
    default:
      return Fail(env, "a fetched tensor is neither float32, int32 nor bool");
  }
  const size_t bytes = TF_TensorByteSize(tensor);
  void* data = nullptr;
  napi_value buffer, array;
  if (napi_create_arraybuffer(env, bytes, &data, &buffer) != napi_ok)
    return Fail(env, "there is no memory for what was fetched");
  if (bytes > 0) std::memcpy(data, TF_TensorData(tensor), bytes);
  napi_create_typedarray(env, type, type == napi_uint8_array ? bytes : bytes / 4, buffer, 0, &array);
  return array;
}

// run(call, values: TypedArray[], metadata?: true) => TypedArray[], and last the run's metadata where it was asked for
napi_value Run(napi_env env, napi_callback_info info) {
  const std::vector<napi_value> arguments = Arguments(env, info, 3);
  void* data = nullptr;
  if (napi_get_value_external(env, arguments[0], &data) != napi_ok) return Fail(env, "run takes a call");
  const Call& call = *static_cast<Call*>(data);
  if (call.session->session == nullptr) return Fail(env, "the session is closed");
  if (LengthOf(env, arguments[1]) != call.feeds.size()) return Fail(env, "a call takes one value for each feed");
  bool traced = false;
  napi_get_value_bool(env, arguments[2], &traced);

  std::vector<TF_Tensor*> fed, fetched(call.outputs.size(), nullptr);
  bool whole = true;
  for (size_t i = 0; whole && i < call.feeds.size(); i++) {
    Bytes bytes;
    const Feed& feed = call.feeds[i];
    whole = ReadBytes(env, At(env, arguments[1], static_cast<uint32_t>(i)), &bytes) && bytes.length == feed.bytes;
    // The memory stays JavaScript's. TensorFlow copies it where it is not aligned for vector instructions.
    if (whole)
      fed.push_back(TF_NewTensor(feed.type, feed.shape.data(), static_cast<int>(feed.shape.size()), bytes.data,
                                 bytes.length, [](void*, size_t, void*) {}, nullptr));
  }
  Status status = NewStatus();
  // FULL_TRACE, as a serialized RunOptions.
  const char trace[] = {8, 3};
  TF_Buffer* options = traced ? TF_NewBufferFromString(trace, sizeof trace) : nullptr;
  TF_Buffer* metadata = traced ? TF_NewBuffer() : nullptr;
  if (whole)
    TF_SessionRun(call.session->session, options, call.inputs.data(), fed.data(), static_cast<int>(fed.size()),
                  call.outputs.data(), fetched.data(), static_cast<int>(fetched.size()), nullptr, 0, metadata,
                  status.get());
  for (TF_Tensor* tensor : fed) TF_DeleteTensor(tensor);

  napi_value result = nullptr;
  if (!whole) {
    Fail(env, "what is fed has another size than the call was prepared for");
  } else if (!Failed(env, status)) {
    napi_create_array_with_length(env, fetched.size(), &result);
    uint32_t i = 0;
    for (; i < fetched.size(); i++) {
      const napi_value array = ToArray(env, fetched[i]);
      if (array == nullptr) break;
      napi_set_element(env, result, i, array);
    }
    if (traced && i == fetched.size()) {
      void* copy = nullptr;
      napi_value buffer, array;
      napi_create_arraybuffer(env, metadata->length, &copy, &buffer);
      std::memcpy(copy, metadata->data, metadata->length);
      napi_create_typedarray(env, napi_uint8_array, metadata->length, buffer, 0, &array);
      napi_set_element(env, result, i, array);
    }
  }
  for (TF_Tensor* tensor : fetched)
    if (tensor != nullptr) TF_DeleteTensor(tensor);
  if (options != nullptr) TF_DeleteBuffer(options);
  if (metadata != nullptr) TF_DeleteBuffer(metadata);
  return result;
}

// close(session): frees the graph and its variables at once, not when JavaScript forgets them.
napi_value Close(napi_env env, napi_callback_info info) {
  const std::vector<napi_value> arguments = Arguments(env, info, 1);
  void* data = nullptr;
  if (napi_get_value_external(env, arguments[0], &data) != napi_ok) return Fail(env, "close takes a session");
  (*static_cast<std::shared_ptr<Session>*>(data))->Close();
  return nullptr;
}

// count() => sessions that are open
napi_value Count(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_int32(env, open_sessions, &result);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  for (const std::string& problem : {vaelab::RegisterSoftplus(), vaelab::RegisterBernoulli()})
    if (!problem.empty()) return Fail(env, problem);
  const struct {
    const char* name;
    napi_callback function;
  } functions[] = {{"open", Open}, {"prepare", Prepare}, {"run", Run}, {"close", Close}, {"count", Count}};
  for (const auto& [name, function] : functions) {
    napi_value value;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
    napi_set_named_property(env, exports, name, value);
  }
  return exports;
}
