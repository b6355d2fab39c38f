#include "simulator/fault_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/chance.hpp"

namespace offboard::simulator {
namespace {

bool fits(const FaultMatch& match, const Call& call) {
  if (match.kind && *match.kind != call.kind) return false;
  if (match.customer && *match.customer != call.customer) return false;
  if (match.method && *match.method != call.method) return false;
  return !match.path_contains || call.target.find(*match.path_contains) != std::string::npos;
}

}  // namespace

std::string_view name_of(Fault fault) {
  const auto found = std::find_if(k_faults.begin(), k_faults.end(),
                                  [&](const auto& entry) { return entry.second == fault; });
  return found == k_faults.end() ? std::string_view("status") : found->first;
}

const FaultRule* FaultPlan::next(const Call& call) {
  const FaultRule* chosen = nullptr;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!fits(rules_[i].match, call)) continue;
    const bool turn = falls(i, call);
    if (turn && chosen == nullptr) chosen = &rules_[i];
  }
  return chosen;
}

bool FaultPlan::falls(std::size_t rule, const Call& call) {
  const FaultRule& plan = rules_[rule];
  const std::string who = plan.count == FaultCount::overall
                              ? std::string()
                              : fmt::format("{}/{}", call.customer, name_of(call.kind));
  const int count = ++counts_[rule][who];
  if (std::find(plan.nth.begin(), plan.nth.end(), count) != plan.nth.end()) return true;
  if (count <= plan.first) return true;
  if (plan.probability)
    return fraction_from(seed_, fmt::format("fault {} {} {}", rule, who, count)) < *plan.probability;
  return plan.nth.empty() && plan.first == 0;
}

FaultEffect effect_of(const FaultRule& rule) {
  if (rule.fault == Fault::reset_before) return FaultEffect::none;
  if (rule.fault == Fault::reset_after) return FaultEffect::before;
  if (rule.effect) return *rule.effect;
  switch (rule.fault) {
    case Fault::status:
    case Fault::stall:
    case Fault::html_502:
    case Fault::no_none:
    case Fault::redirect: return FaultEffect::none;
    default: return FaultEffect::before;
  }
}

}  // namespace offboard::simulator
