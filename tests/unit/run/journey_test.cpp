#include <catch2/catch.hpp>

#include "base/defect.hpp"
#include "replies.hpp"

namespace offboard::test {
namespace {

constexpr Step k_reads[] = {Step::read_customer, Step::read_subscriptions, Step::read_entitlements,
                            Step::read_back};
constexpr Step k_steps[] = {Step::read_customer, Step::read_subscriptions, Step::read_entitlements,
                            Step::read_back, Step::remove};

int count_of(const Progress& progress) {
  if (const auto* wait = std::get_if<WaitAndRetry>(&progress)) return wait->count;
  if (const auto* back = std::get_if<ReadBack>(&progress)) return back->count;
  return 0;
}

template <typename Kind>
bool is(const Progress& progress) {
  return std::holds_alternative<Kind>(progress);
}

}  // namespace

TEST_CASE(
    "a journey reads the customer, the subscriptions and the entitlements, and then has its facts settled") {
  Journey journey(work_in(State::pending));
  CHECK(next_ask(journey).what == What::customer);
  REQUIRE(is<ReadOn>(take(journey, customer_reply("reseller"))));
  CHECK(next_ask(journey).what == What::subscriptions);
  REQUIRE(is<ReadOn>(take(journey, subscriptions_reply(2))));
  CHECK(next_ask(journey).what == What::entitlements);
  REQUIRE(is<Settle>(take(journey, entitlements_reply(1))));
  CHECK(journey.facts.customer.relationship_to_partner == "reseller");
  CHECK(journey.facts.subscriptions.items.size() == 2);
  CHECK(journey.facts.subscriptions.completeness == Completeness::complete);
  CHECK(journey.facts.entitlements.items.size() == 1);
}

TEST_CASE("every read carries the tenant and the ids it was given") {
  for (const auto step : k_reads) {
    auto journey = journey_at(step);
    const auto ask = next_ask(journey);
    CHECK(ask.tenant == guid_of(1));
    CHECK(ask.request_id == guid_of(101));
    CHECK(ask.correlation_id == guid_of(102));
    CHECK_FALSE(ask.page.has_value());
    CHECK_FALSE(ask.not_after.has_value());
  }
}

TEST_CASE("a removal is no read") {
  auto journey = journey_at(Step::remove);
  CHECK_THROWS_AS(next_ask(journey), Defect);
}

TEST_CASE("a read without an answer is tried again, and the tries of one request are counted") {
  for (const auto step : k_reads) {
    auto journey = journey_at(step);
    for (int count = 1; count <= 3; ++count) {
      const auto progress = take(journey, reply_of(Verdict::unanswered));
      REQUIRE(is<WaitAndRetry>(progress));
      CHECK(std::get<WaitAndRetry>(progress).trouble == offboard::Trouble::unanswered);
      CHECK(count_of(progress) == count);
      CHECK(journey.step == step);
    }
  }
}

TEST_CASE("an answer that was taken begins the counts anew") {
  auto journey = journey_at(Step::read_customer);
  CHECK(count_of(take(journey, reply_of(Verdict::unanswered))) == 1);
  CHECK(count_of(take(journey, reply_of(Verdict::throttled))) == 1);
  REQUIRE(is<ReadOn>(take(journey, customer_reply("reseller"))));
  CHECK(count_of(take(journey, reply_of(Verdict::unanswered))) == 1);
  CHECK(count_of(take(journey, reply_of(Verdict::throttled))) == 1);
}

TEST_CASE("a 429 makes every step wait where it is, and is counted apart from missing answers") {
  for (const auto step : k_steps) {
    auto journey = journey_at(step);
    CHECK(count_of(take(journey, reply_of(Verdict::throttled))) == 1);
    const auto progress = take(journey, reply_of(Verdict::throttled));
    REQUIRE(is<WaitAndRetry>(progress));
    CHECK(std::get<WaitAndRetry>(progress).trouble == offboard::Trouble::throttled);
    CHECK(count_of(progress) == 2);
    CHECK(journey.step == step);
    CHECK(journey.removals_unanswered == 0);
  }
}

TEST_CASE("a first 401 asks for a new sign-in at every step, and a second one in a row ends the sign-in") {
  for (const auto step : k_steps) {
    auto journey = journey_at(step);
    CHECK(is<SignInAnew>(take(journey, reply_of(Verdict::unauthorized))));
    CHECK(journey.step == step);
    CHECK(is<SignedOut>(take(journey, reply_of(Verdict::unauthorized))));
  }
}

TEST_CASE("a 401 after another answer is a first one again") {
  auto journey = journey_at(Step::read_customer);
  CHECK(is<SignInAnew>(take(journey, reply_of(Verdict::unauthorized))));
  REQUIRE(is<ReadOn>(take(journey, customer_reply("reseller"))));
  CHECK(is<SignInAnew>(take(journey, reply_of(Verdict::unauthorized))));
}

TEST_CASE("a definite no fails at every step") {
  for (const auto step : k_steps) {
    auto journey = journey_at(step);
    CHECK(is<Fail>(take(journey, reply_of(Verdict::refused))));
  }
}

TEST_CASE("no relationship at a read means already removed, or read back where a PATCH is open") {
  for (const auto step : k_reads) {
    auto untouched = journey_at(step);
    auto progress = take(untouched, reply_of(Verdict::no_relationship));
    REQUIRE(is<Gone>(progress));
    CHECK(std::get<Gone>(progress).reason == k_reason_already_removed);
    auto open = journey_at(step, work_with_open_patch(State::patching));
    progress = take(open, reply_of(Verdict::no_relationship));
    REQUIRE(is<Gone>(progress));
    CHECK(std::get<Gone>(progress).reason == k_reason_read_back);
  }
}

TEST_CASE("no relationship as the answer to a PATCH is settled by reading back") {
  auto journey = journey_at(Step::remove, work_with_open_patch(State::patching));
  CHECK(is<ReadBack>(take(journey, reply_of(Verdict::no_relationship))));
  CHECK(journey.step == Step::read_back);
  const auto progress = take(journey, reply_of(Verdict::no_relationship));
  REQUIRE(is<Gone>(progress));
  CHECK(std::get<Gone>(progress).reason == k_reason_read_back);
}

TEST_CASE("a customer with the relationship none is gone, in any letter case, before anything else is read") {
  for (const auto* none : {"none", "None", "NONE"}) {
    auto journey = journey_at(Step::read_customer);
    const auto progress = take(journey, customer_reply(none));
    REQUIRE(is<Gone>(progress));
    CHECK(std::get<Gone>(progress).reason == k_reason_already_removed);
  }
  auto journey = journey_at(Step::read_back, work_with_open_patch(State::patching));
  const auto progress = take(journey, customer_reply("none"));
  REQUIRE(is<Gone>(progress));
  CHECK(std::get<Gone>(progress).reason == k_reason_read_back);
}

TEST_CASE("a PATCH that says none is confirmed") {
  auto journey = journey_at(Step::remove, work_with_open_patch(State::patching));
  const auto progress = take(journey, reply_of(Verdict::taken));
  REQUIRE(is<Gone>(progress));
  CHECK(std::get<Gone>(progress).reason == k_reason_confirmed);
}

TEST_CASE("after an unanswered PATCH comes a look at the customer, and every such PATCH is counted") {
  auto journey = journey_at(Step::remove, work_with_open_patch(State::patching));
  for (int count = 1; count <= 3; ++count) {
    journey.step = Step::remove;
    const auto progress = take(journey, reply_of(Verdict::unanswered));
    REQUIRE(is<ReadBack>(progress));
    CHECK(count_of(progress) == count);
    CHECK(next_ask(journey).what == What::customer);
    CHECK(is<Settle>(take(journey, customer_reply("reseller"))));
  }
}

TEST_CASE("the read-back after an unanswered PATCH has all its own tries") {
  auto journey = journey_at(Step::remove, work_with_open_patch(State::patching));
  static_cast<void>(take(journey, reply_of(Verdict::unanswered)));
  CHECK(count_of(take(journey, reply_of(Verdict::unanswered))) == 1);
  CHECK(count_of(take(journey, reply_of(Verdict::unanswered))) == 2);
  CHECK(journey.removals_unanswered == 1);
}

TEST_CASE("a PATCH that was withheld sends the journey back to its first read, with nothing kept") {
  auto journey = journey_at(Step::remove, work_with_open_patch(State::patching));
  journey.facts.subscriptions.items.resize(3);
  CHECK(is<ReadOn>(take(journey, reply_of(Verdict::withheld))));
  CHECK(journey.step == Step::read_customer);
  CHECK(journey.facts.subscriptions.items.empty());
  CHECK(journey.restarts == 1);
  CHECK(journey.removals_unanswered == 0);
}

TEST_CASE("a withdrawn tenant is only read back") {
  Journey journey(work_with_open_patch(State::withdrawn));
  CHECK(journey.step == Step::read_back);
  CHECK(next_ask(journey).what == What::customer);
}

TEST_CASE("facts are as old as the first request behind them, however long the rest took") {
  Journey journey(work_in(State::pending));
  static_cast<void>(next_ask(journey, seconds(100)));
  static_cast<void>(take(journey, customer_reply("reseller")));
  static_cast<void>(next_ask(journey, seconds(200)));
  static_cast<void>(take(journey, subscriptions_reply(0)));
  static_cast<void>(next_ask(journey, seconds(300)));
  CHECK(journey.facts_within(seconds(60), Instant(seconds(160))));
  CHECK_FALSE(journey.facts_within(seconds(60), Instant(seconds(160)) + milliseconds(1)));
}

TEST_CASE("reading back makes the other facts no younger") {
  Journey journey(work_in(State::pending));
  static_cast<void>(next_ask(journey, seconds(100)));
  journey.step = Step::read_back;
  static_cast<void>(next_ask(journey, seconds(500)));
  CHECK(journey.facts_since() == Instant(seconds(100)));
}

}  // namespace offboard::test
