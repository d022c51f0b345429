#include "workers.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <thread>
#include <utility>

#include "tensorflow/core/platform/denormal.h"

namespace vaelab {
namespace {

// How long a thread spins for work before it sleeps: longer than the gaps between the ops of a step and between steps.
constexpr std::chrono::microseconds kAwake(2000);
// Polls between two reads of the clock; the thread also yields the processor then.
constexpr int kLooks = 64;

inline void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

thread_local Workers::Whole* Workers::whole_ = nullptr;
thread_local int Workers::worker_ = -1;

Workers& Workers::Of(int threads) {
  // Never destroyed, because the threads poll them until the process ends.
  static std::mutex mutex;
  static auto& pools = *new std::map<int, Workers*>();
  const std::lock_guard<std::mutex> lock(mutex);
  Workers*& pool = pools[threads];
  if (pool == nullptr) pool = new Workers(threads);
  return *pool;
}

Workers::Workers(int threads) : threads_(threads) {
  // Threads inherit the signal mask: no signal may be handled while oneDNN's kernels run (session.cc).
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  for (int number = 0; number < threads - 1; number++) std::thread(&Workers::Work, this, number).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

int Workers::CurrentThreadId() const {
  if (worker_ >= 0) return worker_;
  return whole_ == nullptr ? -1 : threads_ - 1;
}

void Workers::Schedule(std::function<void()> task) {
  // Eigen's device submits all parts of a large op. If an op has no more parts than threads, it submits all but one and
  // runs that one itself; two such parts take less time than waking a thread.
  if (threads_ <= 2 && CurrentThreadId() < 0) return RunWhole(task);
  HandIn(std::move(task));
}

void Workers::ScheduleWithHint(std::function<void()> task, int start, int limit) {
  // oneDNN submits the whole op as its first part.
  if (start == 0 && limit == 1 && CurrentThreadId() < 0) return RunWhole(task);
  Schedule(std::move(task));
}

void Workers::Divide(int64_t total, int64_t least, const std::function<void(int64_t, int64_t)>& compute) {
  const int64_t parts = std::min<int64_t>(threads_, total / std::max<int64_t>(least, 1));
  if (parts < 2 || CurrentThreadId() >= 0) return compute(0, total);
  const auto edge = [=](int64_t part) { return total * part / parts; };
  RunWhole([&] {
    for (int64_t part = 1; part < parts; part++) HandIn([&, part] { compute(edge(part), edge(part + 1)); });
    compute(0, edge(1));
  });
}

void Workers::RunWhole(const std::function<void()>& task) {
  Whole whole;
  whole_ = &whole;
  task();
  whole_ = nullptr;
  for (int looks = 1; whole.parts.load(std::memory_order_acquire) > 0; looks++) {
    if (queued_.load(std::memory_order_acquire) > 0 && RunNext()) continue;
    Pause();
    if (looks % kLooks == 0) std::this_thread::yield();
  }
}

void Workers::HandIn(std::function<void()> task) {
  if (whole_ != nullptr) whole_->parts.fetch_add(1, std::memory_order_relaxed);
  bool wake;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.push_back({std::move(task), whole_});
    const int queued = static_cast<int>(waiting_.size());
    queued_.store(queued, std::memory_order_release);
    wake = queued > looking_.load(std::memory_order_relaxed);
  }
  if (wake) arrived_.notify_one();
}

bool Workers::RunNext() {
  Part part;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.empty()) return false;
    part = std::move(waiting_.front());
    waiting_.pop_front();
    queued_.store(static_cast<int>(waiting_.size()), std::memory_order_release);
  }
  Whole* const before = whole_;
  whole_ = part.whole;
  part.task();
  // Its captures may belong to the waiting caller.
  part.task = nullptr;
  whole_ = before;
  if (part.whole != nullptr) part.whole->parts.fetch_sub(1, std::memory_order_release);
  return true;
}

void Workers::Work(int number) {
  worker_ = number;
  const tsl::port::ScopedFlushDenormal without_denormals;
  // With fewer processors than threads, spinning threads would block working ones.
  const bool looks_on = static_cast<int>(std::thread::hardware_concurrency()) >= threads_;
  for (;;) {
    looking_++;
    auto until = std::chrono::steady_clock::now() + kAwake;
    for (int looks = 1;; looks++) {
      if (queued_.load(std::memory_order_acquire) > 0) {
        looking_--;
        while (RunNext()) {
        }
        looking_++;
        until = std::chrono::steady_clock::now() + kAwake;
      }
      Pause();
      if (looks % kLooks != 0) continue;
      if (!looks_on || std::chrono::steady_clock::now() > until) break;
      std::this_thread::yield();
    }
    looking_--;
    std::unique_lock<std::mutex> lock(mutex_);
    arrived_.wait(lock, [this] { return !waiting_.empty(); });
  }
}

}  // namespace vaelab
