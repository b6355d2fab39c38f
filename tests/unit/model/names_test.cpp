#include <catch2/catch.hpp>
#include <model/blocker.hpp>
#include <model/state.hpp>
#include <set>

namespace offboard {

TEST_CASE("every state has the contract's name and is found by it") {
  const std::vector<std::pair<State, std::string>> names = {
      {State::pending, "pending"}, {State::checked, "checked"},    {State::blocked, "blocked"},
      {State::ready, "ready"},     {State::patching, "patching"},  {State::patched, "patched"},
      {State::failed, "failed"},   {State::withdrawn, "withdrawn"}};
  REQUIRE(names.size() == k_all_states.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    INFO(names[i].second);
    CHECK(k_all_states[i] == names[i].first);
    CHECK(name_of(names[i].first) == names[i].second);
    CHECK(state_named(names[i].second) == names[i].first);
  }
}

TEST_CASE("every blocker code has the contract's name and is found by it") {
  const std::vector<std::pair<BlockerCode, std::string>> names = {
      {BlockerCode::active_subscription, "active-subscription"},
      {BlockerCode::subscription_not_cancelled, "subscription-not-cancelled"},
      {BlockerCode::savings_plan, "savings-plan"},
      {BlockerCode::pending_subscription, "pending-subscription"},
      {BlockerCode::reserved_instance, "reserved-instance"},
      {BlockerCode::software, "software"},
      {BlockerCode::unrecognized, "unrecognized"},
      {BlockerCode::incomplete_answer, "incomplete-answer"},
      {BlockerCode::identity_mismatch, "identity-mismatch"}};
  REQUIRE(names.size() == k_all_blocker_codes.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    INFO(names[i].second);
    CHECK(k_all_blocker_codes[i] == names[i].first);
    CHECK(name_of(names[i].first) == names[i].second);
    CHECK(blocker_code_named(names[i].second) == names[i].first);
  }
}

TEST_CASE("a name that is none, or is spelled otherwise, finds nothing") {
  for (const std::string name : {"", "Pending", "PENDING", "pending ", "done", "savings_plan", "Software"}) {
    INFO(name);
    CHECK_FALSE(state_named(name));
    CHECK_FALSE(blocker_code_named(name));
  }
}

}  // namespace offboard
