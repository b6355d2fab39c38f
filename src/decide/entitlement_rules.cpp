#include <fmt/format.h>

#include "base/text.hpp"
#include "decide/rules.hpp"

namespace offboard {
namespace {

/// The API has said "reservedinstance" since 2019; the enumeration that the removal page's own sample
/// compares with said VirtualMachineReservedInstance, and requests for the old contract still get that.
bool is_reservation(std::string_view type) {
  return equal_ignoring_case(type, "reservedinstance") ||
         equal_ignoring_case(type, "virtualmachinereservedinstance");
}

std::string first_given(std::initializer_list<std::string_view> texts) {
  for (const auto text : texts) {
    if (!text.empty()) return std::string(text);
  }
  return "";
}

std::string name_of(const Entitlement& entitlement) {
  std::string name = fmt::format("product {}", first_given({entitlement.product_id, "unknown"}));
  if (!entitlement.sku_id.empty()) name += fmt::format(", SKU {}", entitlement.sku_id);
  if (!entitlement.reservation_type.empty()) name += fmt::format(", {}", entitlement.reservation_type);
  if (!entitlement.order_id.empty()) name += fmt::format(", order {}", entitlement.order_id);
  return name;
}

Blocker blocker(BlockerCode code, const Entitlement& entitlement, std::string what_to_do) {
  return {code, first_given({entitlement.order_id, entitlement.product_id}), name_of(entitlement),
          entitlement.type, std::move(what_to_do)};
}

}  // namespace

std::optional<Blocker> blocker_of(const Entitlement& entitlement, SoftwarePolicy software) {
  if (is_reservation(entitlement.type)) {
    return blocker(BlockerCode::reserved_instance, entitlement,
                   "Cancel or return the reservation in the Azure portal, or through Azure support.");
  }
  if (equal_ignoring_case(entitlement.type, "software")) {
    if (software == SoftwarePolicy::ignore) return std::nullopt;
    return blocker(
        BlockerCode::software, entitlement,
        "Cancel the software order while its window is open, or set policy.software: ignore if it is a "
        "purchase that stays with the customer.");
  }
  return blocker(BlockerCode::unrecognized, entitlement,
                 entitlement.type.empty()
                     ? "The service gave no type; look at the entitlement in Partner Center."
                     : "This version does not know the type; look at the entitlement in Partner Center.");
}

}  // namespace offboard
