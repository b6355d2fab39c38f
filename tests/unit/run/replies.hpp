#pragma once
#include <string>
#include <vector>

#include "run/journey.hpp"
#include "worlds.hpp"

namespace offboard::test {

[[nodiscard]] inline Work work_in(State state) {
  Work work;
  work.number = 7;
  work.listed = listed(1);
  work.state = state;
  return work;
}

[[nodiscard]] inline OpenPatch an_open_patch() {
  return {Guid::parse("01010101-0000-4000-8000-000000000001").value(),
          Guid::parse("02020202-0000-4000-8000-000000000002").value()};
}

[[nodiscard]] inline Work work_with_open_patch(State state) {
  auto work = work_in(state);
  work.open_patch = an_open_patch();
  return work;
}

[[nodiscard]] inline Reply reply_of(Verdict verdict) {
  Reply reply;
  reply.verdict = verdict;
  return reply;
}

[[nodiscard]] inline Reply customer_reply(const std::string& relationship) {
  auto reply = reply_of(Verdict::taken);
  reply.content = Customer{"Customer 1", "customer1.onmicrosoft.com", {}, relationship};
  return reply;
}

/// A page with so many subscriptions; `next` is the continuation token of the page after it.
[[nodiscard]] inline Reply subscriptions_reply(int count,
                                               std::optional<std::int64_t> announced = std::nullopt,
                                               const std::string& next = "") {
  SubscriptionPage page;
  page.items.resize(static_cast<std::size_t>(count));
  page.announced = announced;
  if (!next.empty()) page.next = PageLink{"http://127.0.0.1:8080/next", {{"MS-ContinuationToken", next}}};
  auto reply = reply_of(Verdict::taken);
  reply.content = std::move(page);
  return reply;
}

[[nodiscard]] inline Reply entitlements_reply(int count) {
  EntitlementPage page;
  page.items.resize(static_cast<std::size_t>(count));
  auto reply = reply_of(Verdict::taken);
  reply.content = std::move(page);
  return reply;
}

[[nodiscard]] inline Ask next_ask(Journey& journey, milliseconds at = milliseconds(0)) {
  return journey.next_read(guid_of(101), guid_of(102), Instant(at));
}

/// What the journey makes of an answer.
[[nodiscard]] inline Progress take(Journey& journey, Reply reply) {
  return journey.take(reply);
}

/// A journey whose next request is that step's, with whatever comes before it read.
[[nodiscard]] inline Journey journey_at(Step step, Work work = work_in(State::pending)) {
  Journey journey(std::move(work));
  journey.step = Step::read_customer;
  for (const auto& reply : {customer_reply("reseller"), subscriptions_reply(0), entitlements_reply(0)}) {
    if (journey.step == step) return journey;
    static_cast<void>(take(journey, reply));
  }
  journey.step = step;
  return journey;
}

}  // namespace offboard::test
