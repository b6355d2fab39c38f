#include <catch2/catch.hpp>

#include "run/customer_list.hpp"
#include "worlds.hpp"

namespace offboard::test {
namespace {

const RetryLimits k_list_limits;
constexpr Instant k_begun{};

Reply page_reply(const std::string& next) {
  Reply reply;
  reply.verdict = Verdict::taken;
  CustomerPage content;
  if (!next.empty()) content.next = PageLink{"http://127.0.0.1/next", {{"MS-ContinuationToken", next}}};
  reply.content = std::move(content);
  return reply;
}

Reply refusal_by(Verdict verdict) {
  Reply reply;
  reply.verdict = verdict;
  return reply;
}

/// Asks for a page, and gives it that answer.
void ask_for_page(CustomerList& list, const Reply& reply, Instant now = k_begun) {
  Random random(1);
  REQUIRE(list.wants_page(now));
  static_cast<void>(list.next_page(guid_of(1), guid_of(2), now));
  list.take(reply, k_list_limits, now, random);
}

}  // namespace

TEST_CASE("the list is not asked for when few tenants are to be read") {
  CHECK_FALSE(CustomerList(24, 25).wants_page(k_begun));
  CHECK(CustomerList(25, 25).wants_page(k_begun));
}

TEST_CASE("a list that saves nothing costs two requests, however long it is") {
  CustomerList list(1000, 25);
  ask_for_page(list, page_reply("2"));
  ask_for_page(list, page_reply("3"));
  CHECK_FALSE(list.wants_page(k_begun));
}

TEST_CASE("a list is read on as long as it has saved what it cost") {
  CustomerList list(1000, 25);
  for (int n = 1; n <= 50; ++n) {
    ask_for_page(list, page_reply(std::to_string(n)));
    list.note_saved();
  }
  ask_for_page(list, page_reply("51"));
  ask_for_page(list, page_reply("52"));
  CHECK_FALSE(list.wants_page(k_begun));
}

TEST_CASE("a list is over with its last page, or with a page that leads back") {
  for (const auto* last : {"", "2"}) {
    CustomerList list(1000, 25);
    ask_for_page(list, page_reply("2"));
    for (int n = 0; n < 10; ++n) list.note_saved();
    ask_for_page(list, page_reply(last));
    CHECK_FALSE(list.wants_page(k_begun));
  }
}

TEST_CASE("a list is over when nobody is left to be read") {
  CustomerList list(25, 25);
  ask_for_page(list, page_reply("2"));
  for (int n = 0; n < 20; ++n) list.note_saved();
  CHECK(list.wants_page(k_begun));
  for (int n = 0; n < 5; ++n) list.note_read();
  CHECK_FALSE(list.wants_page(k_begun));
}

TEST_CASE("each next page is asked for with the link of the one before") {
  CustomerList list(1000, 25);
  CHECK_FALSE(list.next_page(guid_of(1), guid_of(2), k_begun).page.has_value());
  Random random(1);
  list.take(page_reply("two"), k_list_limits, k_begun, random);
  const auto second = list.next_page(guid_of(1), guid_of(2), k_begun);
  CHECK(second.what == What::customers);
  REQUIRE(second.page.has_value());
  CHECK(second.page->headers.front().value == "two");
}

TEST_CASE("a definite no ends the list at once") {
  for (const auto verdict : {Verdict::refused, Verdict::no_relationship}) {
    CustomerList list(1000, 25);
    ask_for_page(list, refusal_by(verdict));
    CHECK_FALSE(list.wants_page(k_begun + std::chrono::hours(24)));
  }
}

TEST_CASE("a list without an answer is asked for again after a while, as long as that is cheap") {
  CustomerList list(1000, 25);
  ask_for_page(list, page_reply("2"));
  for (int n = 0; n < 500; ++n) list.note_saved();
  auto now = k_begun;
  for (int attempt = 1; attempt <= k_list_limits.max_attempts; ++attempt) {
    ask_for_page(list, refusal_by(Verdict::unanswered), now);
    now += k_list_limits.max_wait;
  }
  CHECK_FALSE(list.wants_page(now));
}

TEST_CASE("a throttled list is not asked for before Retry-After is over") {
  CustomerList list(1000, 25);
  auto reply = refusal_by(Verdict::throttled);
  reply.retry_after = seconds(60);
  ask_for_page(list, reply);
  CHECK_FALSE(list.wants_page(k_begun + seconds(60)));
  CHECK(list.wants_page(k_begun + seconds(61)));
}

TEST_CASE("a list that refuses twice in a row is not asked for again, however much it has saved") {
  CustomerList list(1000, 25);
  auto reply = refusal_by(Verdict::throttled);
  reply.retry_after = seconds(60);
  for (int n = 0; n < 500; ++n) list.note_saved();
  ask_for_page(list, reply);
  ask_for_page(list, reply, k_begun + seconds(61));
  CHECK_FALSE(list.wants_page(k_begun + std::chrono::hours(1)));
}

TEST_CASE("a list is asked for once more with a new token, and no more after a second 401") {
  CustomerList list(1000, 25);
  ask_for_page(list, refusal_by(Verdict::unauthorized));
  ask_for_page(list, refusal_by(Verdict::unauthorized));
  for (int n = 0; n < 500; ++n) list.note_saved();
  CHECK_FALSE(list.wants_page(k_begun));
}

TEST_CASE("a page under way is waited for, but not for long") {
  CustomerList list(1000, 25);
  CHECK_FALSE(list.awaited_until().has_value());
  static_cast<void>(list.next_page(guid_of(1), guid_of(2), k_begun));
  CHECK_FALSE(list.wants_page(k_begun));
  REQUIRE(list.awaited_until().has_value());
  CHECK(*list.awaited_until() <= k_begun + seconds(10));
}

}  // namespace offboard::test
