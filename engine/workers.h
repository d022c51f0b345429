// Threads that divide the ops of a call between them. TensorFlow's own sleep between ops, and so does whoever waits for
// them; to wake one takes as long as a small product. These, and who waits for them, look for work for a while first.
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

// The calling thread is one of them: what it hands in it does itself, and others do the parts of it that are handed in
// meanwhile; it comes back when all are done. No part may wait for another.
class Workers : public tsl::thread::ThreadPoolInterface {
 public:
  // The pool of so many threads, the calling one included. It lasts as long as the process does.
  static Workers& Of(int threads);

  void Schedule(std::function<void()> task) override;
  void ScheduleWithHint(std::function<void()> task, int start, int limit) override;
  int NumThreads() const override { return threads_; }
  // -1 outside of what is divided, where more may be.
  int CurrentThreadId() const override;

  // `compute` for the numbers below `total`, in as many parts as there are threads, each of no fewer than `least`.
  void Divide(int64_t total, int64_t least, const std::function<void(int64_t, int64_t)>& compute);

 private:
  // What is divided, and how many parts of it are not done.
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
  // False where nothing waits.
  bool RunNext();

  const int threads_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Part> waiting_;
  // How many wait, and how many threads look for them: read without the mutex.
  std::atomic<int> queued_{0}, looking_{0};
};

}  // namespace vaelab

#endif  // VAELAB_WORKERS_H_
