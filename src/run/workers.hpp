#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "partner_center/ask.hpp"

namespace offboard {

/// One request to send. Whoever carries it out decides nothing.
struct Errand {
  std::uint64_t ticket = 0;
  Ask ask;
};

struct Returned {
  std::uint64_t ticket = 0;
  Reply reply;
};

/// Those who carry requests to the service, several at a time. One of the three seams at the edge of the
/// process: the program has threads, a deterministic test has one thread and an order drawn from a seed. Used
/// by one thread, the loop.
class Workers {
 public:
  virtual ~Workers() = default;

  /// How many errands may be out at once.
  [[nodiscard]] virtual std::size_t size() const = 0;

  /// Never blocks.
  virtual void hand_out(Errand errand) = 0;

  /// Blocks until an errand has returned, `until` has come, or somebody outside wants the loop to look around
  /// (a signal). What has returned, perhaps nothing.
  [[nodiscard]] virtual std::vector<Returned> wait(std::optional<Instant> until) = 0;

  /// Makes the errands that only read return promptly; what they were to bring no longer matters.
  virtual void drop_reads() = 0;

  /// The same for every errand.
  virtual void drop_all() = 0;
};

}  // namespace offboard
