#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "dice.hpp"
#include "model/tenant.hpp"
#include "simulator/world.hpp"

namespace offboard::test {

/// A customer as the service and the list know it.
struct Resident {
  simulator::Customer customer;
  bool is_known = true;             // to the service
  bool is_listed = true;            // now
  bool is_misnamed = false;         // the list expects another name
  bool relationship_lost = false;   // ended by somebody else
  bool goes_by_own_domain = false;  // the list expects a domain that only the customer's own answer has
};

/// How a tenant must end once nothing disturbs any more.
enum class Fate { patched, blocked, failed };

/// The customers of one story and their days: they buy, cancel, leave, and come and go on the list.
class Town {
 public:
  explicit Town(Dice& dice);

  /// A day passes.
  void live_on(Dice& dice);
  /// One customer buys something, now; its tenant id, or empty if nobody does.
  [[nodiscard]] std::string somebody_buys(Dice& dice);
  /// One customer gets another name, leaves the partner, or is no longer known at all, now.
  void somebody_changes(Dice& dice);

  [[nodiscard]] std::vector<simulator::Customer> customers() const;
  [[nodiscard]] TenantList list() const;
  [[nodiscard]] const std::vector<Resident>& residents() const { return residents_; }
  /// By the simulator's own reading of what blocks; of a listed tenant whose relationship stands.
  [[nodiscard]] static Fate fate_of(const Resident& resident);

 private:
  std::vector<Resident> residents_;
};

/// What the service does wrong today, and how it throttles.
struct Weather {
  std::vector<simulator::FaultRule> faults;
  std::vector<simulator::ThrottleRule> throttles;
};
[[nodiscard]] Weather bad_weather(Dice& dice);

/// The service's habits, which stay the same all through a story; without customers.
[[nodiscard]] simulator::World habits(Dice& dice, std::uint64_t seed);

}  // namespace offboard::test
