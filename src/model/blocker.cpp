#include "model/blocker.hpp"

#include <algorithm>

namespace offboard {

std::string_view name_of(BlockerCode code) {
  switch (code) {
    case BlockerCode::active_subscription: return "active-subscription";
    case BlockerCode::subscription_not_cancelled: return "subscription-not-cancelled";
    case BlockerCode::savings_plan: return "savings-plan";
    case BlockerCode::pending_subscription: return "pending-subscription";
    case BlockerCode::reserved_instance: return "reserved-instance";
    case BlockerCode::software: return "software";
    case BlockerCode::unrecognized: return "unrecognized";
    case BlockerCode::incomplete_answer: return "incomplete-answer";
    case BlockerCode::identity_mismatch: return "identity-mismatch";
  }
  return "";
}

std::optional<BlockerCode> blocker_code_named(std::string_view name) {
  const auto found = std::find_if(k_all_blocker_codes.begin(), k_all_blocker_codes.end(),
                                  [&](BlockerCode code) { return name_of(code) == name; });
  return found == k_all_blocker_codes.end() ? std::nullopt : std::optional(*found);
}

std::string_view name_of(Side side) {
  switch (side) {
    case Side::customer: return "customer";
    case Side::subscriptions: return "subscriptions";
    case Side::entitlements: return "entitlements";
  }
  return "";
}

std::optional<Side> side_named(std::string_view name) {
  const auto found =
      std::find_if(k_all_sides.begin(), k_all_sides.end(), [&](Side side) { return name_of(side) == name; });
  return found == k_all_sides.end() ? std::nullopt : std::optional(*found);
}

}  // namespace offboard
