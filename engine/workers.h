// Threads that share the ops of a call. TensorFlow's own threads, and callers that wait for them, sleep between ops,
// and waking a thread costs as much as a small matmul. These threads, and callers that wait for them, spin for a while
// first.
#ifndef VAELAB_WORKERS_H_
#define VAELAB_WORKERS_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

#include "tensorflow/core/platform/threadpool_interface.h"

namespace vaelab {

// The calling thread is one of them: it runs the submitted work itself while others run the parts that this work
// submits, and returns when all are done. No part may wait for another.
class Workers : public tsl::thread::ThreadPoolInterface {
 public:
  // The pool with this many threads, including the calling one. It lives as long as the process.
  static Workers& Of(int threads);

  void Schedule(std::function<void()> task) override;
  void ScheduleWithHint(std::function<void()> task, int start, int limit) override;
  int NumThreads() const override { return threads_; }
  // -1 outside of shared work, where new work may be submitted.
  int CurrentThreadId() const override;

  // Runs `compute` for all indices below `total` in one part per thread, each with at least `least` indices.
  void Divide(int64_t total, int64_t least, const std::function<void(int64_t, int64_t)>& compute);

 private:
  // Shared work, and its number of unfinished parts.
  struct Whole {
    std::atomic<int> parts{0};
  };
  struct Part {
    std::function<void()> task;
    Whole* whole;
  };
  static thread_local Whole* whole_;
  static thread_local int worker_;

  explicit Workers(int threads);
  void Work(int number);
  void RunWhole(const std::function<void()>& task);
  void HandIn(std::function<void()> task);
  // False if no work is pending.
  bool RunNext();

  const int threads_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Part> waiting_;
  // Number of pending parts and of spinning threads; read without the mutex.
  std::atomic<int> queued_{0}, looking_{0};
};

}  // namespace vaelab

#endif  // VAELAB_WORKERS_H_
