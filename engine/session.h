// Sessions of TensorFlow graphs. The binding of tfjs-node also has them, but looks up names at every call, copies feeds
// twice and fetches once more than needed. Here a call is prepared once, with resolved names, types and shapes. A run
// then only runs the session, reads feeds in place and copies fetches once.
#ifndef VAELAB_SESSION_H_
#define VAELAB_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace vaelab {

// Error that is reported to the caller.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Bytes {
  void* data = nullptr;
  size_t length = 0;
};

// A named tensor: a feed ("node:output"), or a variable (shared name of its VarHandleOp).
struct Slot {
  std::string name;
  // TensorFlow's number of the type.
  int type;
  std::vector<int64_t> shape;
};

// Feeds and fetches of one kind of call.
struct Signature {
  std::vector<Slot> feeds;
  std::vector<std::string> fetches;
  // Number of threads, including the calling one. More than one helps little if a run takes less than a millisecond.
  int threads = 1;
};

// An output, with TensorFlow's number of its type.
using Receive = std::function<void(int type, const Bytes&)>;

class Session;

// A prepared call. Keeps the memory of its session alive.
class Call {
 public:
  // Throws Failure.
  Call(std::shared_ptr<Session> session, const Signature& signature);
  ~Call();

  // `values` has one entry per feed, owned by the caller. `trace` receives a serialized RunMetadata with the time of
  // every op. Throws Failure.
  void Run(const std::vector<Bytes>& values, const Receive& receive, std::string* trace);

 private:
  struct Prepared;
  std::unique_ptr<Prepared> prepared_;
};

// `graph` is a serialized GraphDef. Throws Failure.
std::shared_ptr<Session> OpenSession(const Bytes& graph);
// Frees the graph and its variables; later calls throw Failure.
void CloseSession(Session& session);
// Sets a variable to a copy of the given value without running the graph, because preparing a run takes longer than the
// copy. Throws Failure.
void WriteVariable(Session& session, const Slot& variable, const Bytes& value);
// Throws Failure if the variable was never set.
void ReadVariable(Session& session, const std::string& name, const Receive& receive);
// Number of open sessions.
int OpenSessions();
// Bytes of a core's second-level cache, as TensorFlow's kernels see it.
int64_t SecondLevelCache();

}  // namespace vaelab

#endif  // VAELAB_SESSION_H_
