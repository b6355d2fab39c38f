#include "decide/recheck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace offboard {
namespace {

/// What lasts longest first: a reservation runs for years, a wrong name until somebody corrects it.
constexpr std::array k_most_lasting_first = {Side::entitlements, Side::subscriptions, Side::customer};

bool is_seen_on(Side side, const std::vector<Blocker>& blockers) {
  return std::any_of(blockers.begin(), blockers.end(), [&](const auto& b) { return b.side == side; });
}

}  // namespace

std::string terms_of(const ListedTenant& listed, SoftwarePolicy software) {
  const auto* policy = software == SoftwarePolicy::block ? "block" : "ignore";
  return fmt::format("software {}, name {}:{}, domain {}", policy, listed.company_name.size(),
                     listed.company_name, listed.domain);
}

std::optional<Side> side_to_recheck(const std::vector<Blocker>& recorded,
                                    const std::optional<FullCheck>& last, const std::string& terms,
                                    UtcTime now) {
  // One in the future was noted by a clock that has been set back since.
  if (!last || last->terms != terms || now < last->at || now - last->at >= k_full_check_every)
    return std::nullopt;
  const auto is_placed = [](const auto& blocker) { return blocker.side.has_value(); };
  if (!std::all_of(recorded.begin(), recorded.end(), is_placed)) return std::nullopt;
  for (const auto side : k_most_lasting_first) {
    if (is_seen_on(side, recorded)) return side;
  }
  return std::nullopt;
}

std::vector<Blocker> with_side_replaced(Side replaced, const std::vector<Blocker>& found,
                                        const std::vector<Blocker>& recorded) {
  std::vector<Blocker> known;
  for (const auto side : k_all_sides) {
    const auto& source = side == replaced ? found : recorded;
    std::copy_if(source.begin(), source.end(), std::back_inserter(known),
                 [&](const auto& blocker) { return blocker.side == side; });
  }
  return known;
}

}  // namespace offboard
