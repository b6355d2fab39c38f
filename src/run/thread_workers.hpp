#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "http/transport.hpp"
#include "partner_center/client.hpp"
#include "run/workers.hpp"

namespace offboard {

/// Threads, each with a transport of its own.
class ThreadWorkers final : public Workers {
 public:
  using TransportMaker = std::function<std::unique_ptr<Transport>()>;

  /// `client` must outlive the workers.
  ThreadWorkers(const Client& client, std::size_t threads, const TransportMaker& make_transport,
                const Clock& clock);

  /// Drops what is still out.
  ~ThreadWorkers() override;

  [[nodiscard]] std::size_t size() const override { return desks_.size(); }
  void hand_out(Errand errand) override;
  [[nodiscard]] std::vector<Returned> wait(std::optional<Instant> until) override;
  void drop_reads() override;
  void drop_all() override;

  /// Ends a wait() early. From any thread.
  void wake();

  /// From now on no removal is begun: one that is handed out comes back withheld. From any thread, so that a
  /// signal counts from its own moment on, not from when the loop next looks.
  void hold_removals();

 private:
  enum class Dropped { nothing, reads, everything };

  struct Desk {
    std::unique_ptr<Transport> transport;
    std::optional<What> busy_with;
    std::thread thread;
  };

  void work(Desk& desk);
  void close();
  void drop(Dropped dropped);
  [[nodiscard]] bool is_dropped(What what) const;

  const Client& client_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable errand_waiting_;
  std::condition_variable loop_waiting_;
  std::deque<Errand> errands_;
  std::vector<Returned> returned_;
  bool woken_ = false;
  bool closing_ = false;
  bool holding_removals_ = false;
  Dropped dropped_ = Dropped::nothing;
  std::vector<std::unique_ptr<Desk>> desks_;
};

}  // namespace offboard
