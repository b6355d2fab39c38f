#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace offboard {

/// Why a relationship must not be removed now. The words are the contract's and stand in reports.
enum class BlockerCode {
  active_subscription,         ///< a subscription is active (trials too)
  subscription_not_cancelled,  ///< new-commerce, marketplace or software, and merely suspended
  savings_plan,                ///< billing type benefit, not ended
  pending_subscription,        ///< a subscription is pending
  reserved_instance,           ///< an entitlement of a reservation type, old or new spelling
  software,                    ///< an entitlement of type software, unless the policy ignores it
  unrecognized,                ///< a word this version does not know, or none where one must be
  incomplete_answer,           ///< the service announced more items than it delivered
  identity_mismatch,           ///< the customer's name or domain is not the one on the list
};

inline constexpr std::array k_all_blocker_codes = {
    BlockerCode::active_subscription, BlockerCode::subscription_not_cancelled,
    BlockerCode::savings_plan,        BlockerCode::pending_subscription,
    BlockerCode::reserved_instance,   BlockerCode::software,
    BlockerCode::unrecognized,        BlockerCode::incomplete_answer,
    BlockerCode::identity_mismatch};

[[nodiscard]] std::string_view name_of(BlockerCode code);
[[nodiscard]] std::optional<BlockerCode> blocker_code_named(std::string_view name);

/// What the service is asked to learn everything about a customer, in that order.
enum class Side { customer, subscriptions, entitlements };

inline constexpr std::array k_all_sides = {Side::customer, Side::subscriptions, Side::entitlements};

[[nodiscard]] std::string_view name_of(Side side);
[[nodiscard]] std::optional<Side> side_named(std::string_view name);

struct Blocker {
  BlockerCode code = BlockerCode::unrecognized;
  std::string object_id;          // subscription id, order id, …; as the service wrote it
  std::string object_name;        // offer name, product and order, the field that differs
  std::string object_status;      // the service's own word
  std::string what_to_do;         // one sentence for the operator
  std::optional<Side> side = {};  // where it was seen; none: recorded by a version that did not note it

  friend bool operator==(const Blocker&, const Blocker&) = default;
};

}  // namespace offboard
