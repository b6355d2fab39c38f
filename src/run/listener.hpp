#pragma once
#include <cstdint>
#include <string>

#include "ledger/ledger.hpp"
#include "model/tenant.hpp"

namespace offboard {

/// Watches a run for the person at the terminal. Called by the loop, between its commits; must not throw.
class RunListener {
 public:
  virtual ~RunListener() = default;
  virtual void on_start(std::int64_t to_do, const ImportCounts& list) = 0;
  /// With a new token; who that is, as far as the token says.
  virtual void on_signed_in(const std::string& who) = 0;
  /// A tenant's turn is over for this run (`detail` says why where it did not get far), or its PATCH was
  /// begun.
  virtual void on_tenant(const ListedTenant& tenant, State state, const std::string& detail) = 0;
  virtual void on_turn_over(std::int64_t done) = 0;
  /// Everybody waits: throttled, or the service is down.
  virtual void on_pause(const std::string& why, milliseconds how_long) = 0;
  /// What the service is now thought to let through, when that changes by more than a little.
  virtual void on_quota(double per_minute) = 0;
  virtual void on_stop(const std::string& why) = 0;
};

}  // namespace offboard
