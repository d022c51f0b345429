// TensorFlow prints a line about oneDNN while its library loads, before it reads any logging settings. `hold` captures
// standard error in memory; `release` restores it and returns the captured text, so that the loader can drop that line
// and print the rest.
#include <fcntl.h>
#include <node_api.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace {

int saved = -1;
int held = -1;

napi_value Hold(napi_env env, napi_callback_info) {
  std::fflush(stderr);
  saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  held = memfd_create("vaelab-stderr", MFD_CLOEXEC);
  if (saved < 0 || held < 0 || dup2(held, STDERR_FILENO) < 0) {
    napi_throw_error(env, nullptr, "standard error could not be held");
  }
  return nullptr;
}

napi_value Release(napi_env env, napi_callback_info) {
  std::fflush(stderr);
  dup2(saved, STDERR_FILENO);
  close(saved);
  std::string text(static_cast<size_t>(lseek(held, 0, SEEK_END)), '\0');
  ssize_t length = pread(held, &text[0], text.size(), 0);
  close(held);
  napi_value result;
  napi_create_string_utf8(env, text.data(), length > 0 ? static_cast<size_t>(length) : 0, &result);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value hold, release;
  napi_create_function(env, "hold", NAPI_AUTO_LENGTH, Hold, nullptr, &hold);
  napi_create_function(env, "release", NAPI_AUTO_LENGTH, Release, nullptr, &release);
  napi_set_named_property(env, exports, "hold", hold);
  napi_set_named_property(env, exports, "release", release);
  return exports;
}
