// Sessions of TensorFlow graphs. tfjs-node's binding has them too, but looks every name up at every call, copies what
// is fed twice and what is fetched once more. Here a call is prepared once: names are resolved, types and shapes known,
// so that a run is a session run and no more, with what is fed read in place and what is fetched copied once.
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

// What went wrong, to be told to whoever called.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Bytes {
  void* data = nullptr;
  size_t length = 0;
};

// A named place for a tensor: one that is fed ("node:output"), or a variable (what its VarHandleOp shares it as).
struct Slot {
  std::string name;
  // TensorFlow's number of the type.
  int type;
  std::vector<int64_t> shape;
};

// What is fed and fetched, of one kind of call.
struct Signature {
  std::vector<Slot> feeds;
  std::vector<std::string> fetches;
  // How many threads run it, the calling one among them. Where a run takes less than a millisecond the others are of
  // little use.
  int threads = 1;
};

// What is read, with TensorFlow's number of its type.
using Receive = std::function<void(int type, const Bytes&)>;

class Session;

// A call that can be run. Keeps its session's memory for as long as it is there.
class Call {
 public:
  // Throws Failure.
  Call(std::shared_ptr<Session> session, const Signature& signature);
  ~Call();

  // `values`: one for each feed, whose memory stays the caller's. `trace` gets a serialized RunMetadata with the time
  // of every op. Throws Failure.
  void Run(const std::vector<Bytes>& values, const Receive& receive, std::string* trace);

 private:
  struct Prepared;
  std::unique_ptr<Prepared> prepared_;
};

// `graph` is a serialized GraphDef. Throws Failure.
std::shared_ptr<Session> OpenSession(const Bytes& graph);
// Frees the graph and its variables; what is asked of it afterwards throws Failure.
void CloseSession(Session& session);
// Sets a variable to a copy of what is given, without a run of the graph: TensorFlow prepares one for longer than such
// a copy takes. Throws Failure.
void WriteVariable(Session& session, const Slot& variable, const Bytes& value);
// Throws Failure where nothing has set it.
void ReadVariable(Session& session, const std::string& name, const Receive& receive);
// Sessions that are not closed.
int OpenSessions();
// Bytes of a core's second-level cache, as TensorFlow's kernels read it.
int64_t SecondLevelCache();

}  // namespace vaelab

#endif  // VAELAB_SESSION_H_
