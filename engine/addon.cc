// The sessions of session.h for JavaScript.
#include <node_api.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "pack.h"
#include "session.h"

namespace {

using vaelab::Bytes;
using vaelab::Call;
using vaelab::Failure;

using SharedSession = std::shared_ptr<vaelab::Session>;

std::vector<napi_value> Arguments(napi_env env, napi_callback_info info, size_t count) {
  std::vector<napi_value> values(count);
  napi_get_cb_info(env, info, &count, values.data(), nullptr, nullptr);
  return values;
}

// The bytes of a typed array of a type that TensorFlow accepts; throws Failure for other values.
Bytes BytesOf(napi_env env, napi_value value) {
  bool is_typed = false;
  if (napi_is_typedarray(env, value, &is_typed) != napi_ok || !is_typed) throw Failure("what is fed is no typed array");
  napi_typedarray_type type;
  size_t length = 0;
  Bytes bytes;
  napi_get_typedarray_info(env, value, &type, &length, &bytes.data, nullptr, nullptr);
  if (type != napi_uint8_array && type != napi_float32_array && type != napi_int32_array)
    throw Failure("what is fed is neither float32, int32 nor bytes");
  bytes.length = length * (type == napi_uint8_array ? 1 : 4);
  return bytes;
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

template <typename T>
T& Held(napi_env env, napi_value value, const char* what) {
  void* data = nullptr;
  if (napi_get_value_external(env, value, &data) != napi_ok) throw Failure(what);
  return *static_cast<T*>(data);
}
template <typename T>
napi_value Holding(napi_env env, T* held) {
  napi_value value = nullptr;
  napi_create_external(
      env, held, [](napi_env, void* data, void*) { delete static_cast<T*>(data); }, nullptr, &value);
  return value;
}

napi_value Property(napi_env env, napi_value object, const char* name) {
  napi_value value = nullptr;
  napi_get_named_property(env, object, name, &value);
  return value;
}
vaelab::Slot SlotOf(napi_env env, napi_value object) {
  vaelab::Slot slot{Text(env, Property(env, object, "name")), 0, {}};
  napi_get_value_int32(env, Property(env, object, "dtype"), &slot.type);
  const napi_value shape = Property(env, object, "shape");
  for (uint32_t axis = 0; axis < LengthOf(env, shape); axis++) {
    int64_t size = 0;
    napi_get_value_int64(env, At(env, shape, axis), &size);
    slot.shape.push_back(size);
  }
  return slot;
}

// open(graph: Uint8Array) => session
napi_value Open(napi_env env, napi_callback_info info) {
  return Holding(env, new SharedSession(vaelab::OpenSession(BytesOf(env, Arguments(env, info, 1)[0]))));
}

// prepare(session, feeds: Slot[], fetches: string[], threads: number) => call
napi_value Prepare(napi_env env, napi_callback_info info) {
  const std::vector<napi_value> arguments = Arguments(env, info, 4);
  const auto& session = Held<SharedSession>(env, arguments[0], "prepare takes a session");
  vaelab::Signature signature;
  for (uint32_t i = 0; i < LengthOf(env, arguments[1]); i++)
    signature.feeds.push_back(SlotOf(env, At(env, arguments[1], i)));
  for (uint32_t i = 0; i < LengthOf(env, arguments[2]); i++)
    signature.fetches.push_back(Text(env, At(env, arguments[2], i)));
  napi_get_value_int32(env, arguments[3], &signature.threads);
  return Holding(env, new Call(session, signature));
}

napi_value CopyOf(napi_env env, napi_typedarray_type type, const Bytes& bytes) {
  void* data = nullptr;
  napi_value buffer, array;
  if (napi_create_arraybuffer(env, bytes.length, &data, &buffer) != napi_ok)
    throw Failure("there is no memory for what was fetched");
  if (bytes.length > 0) std::memcpy(data, bytes.data, bytes.length);
  napi_create_typedarray(env, type, type == napi_uint8_array ? bytes.length : bytes.length / 4, buffer, 0, &array);
  return array;
}

// Typed array by TensorFlow's number of a type.
napi_typedarray_type ArrayOf(int type) {
  switch (type) {
    case 1:
      return napi_float32_array;
    case 3:
      return napi_int32_array;
    case 10:
      return napi_uint8_array;
    default:
      throw Failure("a fetched tensor is neither float32, int32 nor bool");
  }
}

// Appends the output to `list`.
vaelab::Receive Into(napi_env env, napi_value list) {
  return [env, list](int type, const Bytes& bytes) {
    napi_set_element(env, list, LengthOf(env, list), CopyOf(env, ArrayOf(type), bytes));
  };
}

// run(call, values: TypedArray[], metadata?: true) => TypedArray[], followed by the run's metadata if requested
napi_value Run(napi_env env, napi_callback_info info) {
  const std::vector<napi_value> arguments = Arguments(env, info, 3);
  Call& call = Held<Call>(env, arguments[0], "run takes a call");
  std::vector<Bytes> values(LengthOf(env, arguments[1]));
  for (uint32_t i = 0; i < values.size(); i++) values[i] = BytesOf(env, At(env, arguments[1], i));
  bool traced = false;
  napi_get_value_bool(env, arguments[2], &traced);
  std::string trace;
  napi_value results;
  napi_create_array(env, &results);
  call.Run(values, Into(env, results), traced ? &trace : nullptr);
  if (traced)
    napi_set_element(env, results, LengthOf(env, results), CopyOf(env, napi_uint8_array, {&trace[0], trace.size()}));
  return results;
}

// write(session, variables: Slot[], values: TypedArray[])
napi_value Write(napi_env env, napi_callback_info info) {
  const std::vector<napi_value> arguments = Arguments(env, info, 3);
  auto& session = *Held<SharedSession>(env, arguments[0], "write takes a session");
  for (uint32_t i = 0; i < LengthOf(env, arguments[1]); i++)
    vaelab::WriteVariable(session, SlotOf(env, At(env, arguments[1], i)), BytesOf(env, At(env, arguments[2], i)));
  return nullptr;
}

// read(session, variables: Slot[]) => TypedArray[]
napi_value Read(napi_env env, napi_callback_info info) {
  const std::vector<napi_value> arguments = Arguments(env, info, 2);
  auto& session = *Held<SharedSession>(env, arguments[0], "read takes a session");
  napi_value values;
  napi_create_array(env, &values);
  for (uint32_t i = 0; i < LengthOf(env, arguments[1]); i++)
    vaelab::ReadVariable(session, Text(env, Property(env, At(env, arguments[1], i), "name")), Into(env, values));
  return values;
}

// pack(values: Float32Array, divisor: number) => Uint8Array | undefined
napi_value Pack(napi_env env, napi_callback_info info) {
  const std::vector<napi_value> arguments = Arguments(env, info, 2);
  const Bytes values = BytesOf(env, arguments[0]);
  double divisor = 1;
  napi_get_value_double(env, arguments[1], &divisor);
  void* bytes = nullptr;
  napi_value buffer, array;
  const size_t count = values.length / sizeof(float);
  if (napi_create_arraybuffer(env, count, &bytes, &buffer) != napi_ok)
    throw Failure("there is no memory for the bytes");
  if (!vaelab::PackBytes(static_cast<const float*>(values.data), static_cast<int64_t>(count),
                         static_cast<float>(divisor), static_cast<uint8_t*>(bytes)))
    return nullptr;
  napi_create_typedarray(env, napi_uint8_array, count, buffer, 0, &array);
  return array;
}

// close(session): frees the graph and its variables at once, without waiting for garbage collection.
napi_value Close(napi_env env, napi_callback_info info) {
  vaelab::CloseSession(*Held<SharedSession>(env, Arguments(env, info, 1)[0], "close takes a session"));
  return nullptr;
}

// count() => number of open sessions
napi_value Count(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_int32(env, vaelab::OpenSessions(), &result);
  return result;
}

// cache() => bytes of a core's second-level cache
napi_value Cache(napi_env env, napi_callback_info) {
  napi_value result;
  napi_create_int64(env, vaelab::SecondLevelCache(), &result);
  return result;
}

// Calls `function` and turns its failures into JavaScript exceptions.
template <napi_callback function>
napi_value Guarded(napi_env env, napi_callback_info info) {
  try {
    return function(env, info);
  } catch (const std::exception& failure) {
    napi_throw_error(env, nullptr, failure.what());
    return nullptr;
  }
}

}  // namespace

NAPI_MODULE_INIT() {
  const struct {
    const char* name;
    napi_callback function;
  } functions[] = {{"open", Guarded<Open>},   {"prepare", Guarded<Prepare>}, {"run", Guarded<Run>},
                   {"write", Guarded<Write>}, {"read", Guarded<Read>},       {"close", Guarded<Close>},
                   {"count", Guarded<Count>}, {"cache", Guarded<Cache>},     {"pack", Guarded<Pack>}};
  for (const auto& [name, function] : functions) {
    napi_value value;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
    napi_set_named_property(env, exports, name, value);
  }
  return exports;
}
