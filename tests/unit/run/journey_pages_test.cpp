#include <catch2/catch.hpp>

#include "replies.hpp"

namespace offboard::test {
namespace {

/// A journey that waits for its first page of subscriptions.
Journey before_pages() {
  Journey journey(work_in(State::pending));
  static_cast<void>(next_ask(journey));
  static_cast<void>(take(journey, customer_reply("reseller")));
  return journey;
}

bool is_last(Journey& journey, Reply reply) {
  REQUIRE(std::holds_alternative<ReadOn>(take(journey, std::move(reply))));
  return journey.step == Step::read_entitlements;
}

std::string token_asked_for(Journey& journey) {
  const auto ask = next_ask(journey);
  if (!ask.page || ask.page->headers.empty()) return "";
  return ask.page->headers.front().value;
}

const Collection<Subscription>& subscriptions(const Journey& journey) {
  return journey.facts.subscriptions;
}

}  // namespace

TEST_CASE("several pages are read one after the other, each with the headers of its link") {
  auto journey = before_pages();
  CHECK(token_asked_for(journey).empty());
  CHECK_FALSE(is_last(journey, subscriptions_reply(3, 7, "two")));
  CHECK(token_asked_for(journey) == "two");
  CHECK_FALSE(is_last(journey, subscriptions_reply(3, 7, "three")));
  CHECK(token_asked_for(journey) == "three");
  CHECK(is_last(journey, subscriptions_reply(1, 7)));
  CHECK(subscriptions(journey).items.size() == 7);
  CHECK(subscriptions(journey).completeness == Completeness::complete);
  CHECK_FALSE(next_ask(journey).page.has_value());
}

TEST_CASE("a page that is tried again is asked for by the same link") {
  auto journey = before_pages();
  CHECK_FALSE(is_last(journey, subscriptions_reply(3, 4, "two")));
  CHECK(token_asked_for(journey) == "two");
  static_cast<void>(take(journey, reply_of(Verdict::unanswered)));
  CHECK(token_asked_for(journey) == "two");
  CHECK(is_last(journey, subscriptions_reply(1, 4)));
  CHECK(subscriptions(journey).items.size() == 4);
}

TEST_CASE("a next link that was followed before makes the answer incomplete and ends the reading") {
  auto journey = before_pages();
  CHECK_FALSE(is_last(journey, subscriptions_reply(1, std::nullopt, "two")));
  CHECK_FALSE(is_last(journey, subscriptions_reply(1, std::nullopt, "three")));
  CHECK(is_last(journey, subscriptions_reply(1, std::nullopt, "two")));
  CHECK(subscriptions(journey).completeness == Completeness::incomplete);
  CHECK(subscriptions(journey).shortfall.find("circle") != std::string::npos);
}

TEST_CASE("a next link that cannot be followed makes the answer incomplete and says why") {
  auto journey = before_pages();
  auto reply = subscriptions_reply(1);
  std::get<SubscriptionPage>(reply.content).bad_next = "leads to another host";
  CHECK(is_last(journey, std::move(reply)));
  CHECK(subscriptions(journey).completeness == Completeness::incomplete);
  CHECK(subscriptions(journey).shortfall == "leads to another host");
}

TEST_CASE("more announced than delivered is incomplete, whichever page announced it") {
  auto journey = before_pages();
  CHECK_FALSE(is_last(journey, subscriptions_reply(2, 5, "two")));
  CHECK(is_last(journey, subscriptions_reply(2)));
  CHECK(subscriptions(journey).completeness == Completeness::incomplete);
  CHECK(subscriptions(journey).shortfall == "5 announced, 4 delivered");
}

TEST_CASE("a subscription delivered twice does not stand for one that never came") {
  auto journey = before_pages();
  auto first = subscriptions_reply(2, 4, "two");
  auto second = subscriptions_reply(2, 4);
  const auto name = [](Reply& reply, const char* one, const char* other) {
    auto& items = std::get<SubscriptionPage>(reply.content).items;
    items[0].id = one;
    items[1].id = other;
  };
  name(first, "s1", "s2");
  name(second, "s2", "s3");
  CHECK_FALSE(is_last(journey, std::move(first)));
  CHECK(is_last(journey, std::move(second)));
  CHECK(subscriptions(journey).completeness == Completeness::incomplete);
}

TEST_CASE("an answer that announces nothing, or less than it delivers, is complete") {
  for (const std::optional<std::int64_t> announced : {std::optional<std::int64_t>(), {0}, {2}}) {
    auto journey = before_pages();
    CHECK(is_last(journey, subscriptions_reply(3, announced)));
    CHECK(subscriptions(journey).completeness == Completeness::complete);
  }
}

TEST_CASE("a service that has no last page is not followed for ever") {
  auto journey = before_pages();
  int pages = 1;
  while (!is_last(journey, subscriptions_reply(1, std::nullopt, std::to_string(pages)))) {
    REQUIRE(++pages < 10'000);
  }
  CHECK(subscriptions(journey).completeness == Completeness::incomplete);
}

TEST_CASE("the second collection begins on its first page and counts its own announcement") {
  auto journey = before_pages();
  CHECK_FALSE(is_last(journey, subscriptions_reply(2, 9, "two")));
  CHECK(is_last(journey, subscriptions_reply(7, 9)));
  CHECK_FALSE(next_ask(journey).page.has_value());
  CHECK(std::holds_alternative<Settle>(take(journey, entitlements_reply(1))));
  CHECK(journey.facts.entitlements.completeness == Completeness::complete);
}

TEST_CASE("starting over forgets every page and reads from the customer on") {
  auto journey = before_pages();
  CHECK_FALSE(is_last(journey, subscriptions_reply(2, 9, "two")));
  journey.start_over();
  CHECK(journey.restarts == 1);
  CHECK(next_ask(journey, seconds(50)).what == What::customer);
  CHECK(journey.facts_since() == Instant(seconds(50)));
  static_cast<void>(take(journey, customer_reply("reseller")));
  CHECK_FALSE(next_ask(journey).page.has_value());
  CHECK_FALSE(is_last(journey, subscriptions_reply(1, 2, "two")));
  CHECK(is_last(journey, subscriptions_reply(1)));
  CHECK(subscriptions(journey).items.size() == 2);
  CHECK(subscriptions(journey).completeness == Completeness::complete);
}

}  // namespace offboard::test
