#include <run/login.hpp>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "replies.hpp"
#include "simulated_workers.hpp"
#include "temp_folder.hpp"

namespace offboard::test {
namespace {

Reply device_code_reply(seconds lifetime, seconds interval) {
  auto reply = reply_of(Verdict::taken);
  reply.content = DeviceCode{Secret(std::string("device")), "CODE", "https://microsoft.com/devicelogin",
                             lifetime, interval};
  return reply;
}

Reply tokens_reply() {
  auto reply = reply_of(Verdict::taken);
  reply.content = Tokens{Secret(std::string("access")), seconds(3600), Secret(std::string("refresh"))};
  return reply;
}

Reply lost() {
  auto reply = reply_of(Verdict::unanswered);
  reply.evidence.message = "connection reset";
  return reply;
}

Reply asked_to_wait(seconds wait) {
  auto reply = reply_of(Verdict::throttled);
  reply.retry_after = wait;
  return reply;
}

Reply code_refused() {
  auto reply = reply_of(Verdict::refused);
  reply.evidence.error_code = "invalid_grant";
  reply.evidence.message = "unknown code";
  reply.refuses_grant = true;
  return reply;
}

/// A login in virtual time, whose questions get the given replies one after the other, and the last one for
/// ever.
class Evening {
 public:
  explicit Evening(std::vector<Reply> replies) : replies_(std::move(replies)) {
    job.partner_center.tenant = "contoso.onmicrosoft.com";
    job.partner_center.refresh_token_file = folder_.path() / "token";
    std::ofstream(job.partner_center.refresh_token_file) << "old";
    plan_.shortest_way = plan_.longest_way = milliseconds(0);
  }

  Expected<std::string, NoAnswer> log_in() {
    SimulatedWorkers workers(
        plan_, clock_, [&](const Ask& ask) { return Carried{answer(ask)}; }, sent_);
    return offboard::log_in(
        job, workers, clock_, random_, stop,
        {[](const DeviceCode&) {}, [&](const std::string& why) { troubles.push_back(why); }});
  }

  /// Seconds between one question and the next, from the code on.
  [[nodiscard]] std::vector<int> gaps() const {
    std::vector<int> gaps;
    for (std::size_t i = 1; i < sent_.size(); ++i)
      gaps.push_back(
          static_cast<int>(std::chrono::duration_cast<seconds>(sent_[i].at - sent_[i - 1].at).count()));
    return gaps;
  }
  [[nodiscard]] milliseconds passed() const { return clock_.passed(); }
  [[nodiscard]] std::string stored() const {
    std::ifstream file(job.partner_center.refresh_token_file);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Job job;
  StopRequest stop;
  seconds lifetime{900};
  std::vector<std::string> troubles;

 private:
  Reply answer(const Ask& ask) {
    if (ask.what == What::device_code) return device_code_reply(lifetime, seconds(5));
    return replies_[std::min(next_++, replies_.size() - 1)];
  }

  TempFolder folder_;
  VirtualClock clock_;
  WorkersPlan plan_;
  Random random_;
  std::vector<Sent> sent_;
  std::vector<Reply> replies_;
  std::size_t next_ = 0;
};

}  // namespace

TEST_CASE(
    "whether somebody has signed in is asked as often as the service says, and 5 s less often when told") {
  Evening evening({reply_of(Verdict::pending), reply_of(Verdict::slow_down), reply_of(Verdict::pending),
                   reply_of(Verdict::slow_down), tokens_reply()});
  CHECK(evening.log_in());
  CHECK(evening.gaps() == std::vector{5, 5, 10, 10, 15});
  CHECK(evening.stored() == "refresh");
  CHECK(evening.troubles.empty());
}

TEST_CASE("a lost network doubles the interval each time, up to a minute, and is told of once") {
  std::vector<Reply> replies(7, lost());
  replies.push_back(reply_of(Verdict::pending));
  replies.push_back(lost());
  replies.push_back(tokens_reply());
  Evening evening(std::move(replies));
  CHECK(evening.log_in());
  CHECK(evening.gaps() == std::vector{5, 10, 20, 40, 60, 60, 60, 60, 5, 10});
  CHECK(evening.troubles == std::vector<std::string>{"connection reset", "connection reset"});
  CHECK(evening.stored() == "refresh");
}

TEST_CASE("a network that stays away is waited for until the code dies; the old token stays") {
  Evening evening({lost()});
  evening.job.retry.max_attempts = 2;
  const auto result = evening.log_in();
  REQUIRE_FALSE(result);
  CHECK(result.error().ending == Ending::signed_out);
  CHECK_THAT(result.error().why, Catch::Contains("expired") && Catch::Contains("connection reset"));
  CHECK(evening.passed() == evening.lifetime);
  CHECK(evening.stored() == "old");
}

TEST_CASE("a code that nobody signed in with dies, and the old token stays") {
  Evening evening({reply_of(Verdict::pending)});
  const auto result = evening.log_in();
  REQUIRE_FALSE(result);
  CHECK(result.error().ending == Ending::signed_out);
  CHECK_THAT(result.error().why, Catch::Contains("before anybody signed in"));
  CHECK(evening.passed() == evening.lifetime);
  CHECK(evening.stored() == "old");
}

TEST_CASE("a question is never asked before Retry-After is over, even if the code dies meanwhile") {
  Evening patient({asked_to_wait(seconds(100)), tokens_reply()});
  CHECK(patient.log_in());
  CHECK(patient.gaps() == std::vector{5, 100});
  Evening too_long({asked_to_wait(seconds(3600)), tokens_reply()});
  CHECK_FALSE(too_long.log_in());
  CHECK(too_long.gaps() == std::vector{5});
  CHECK(too_long.stored() == "old");
}

TEST_CASE("a code that is refused after an answer was lost may have been used up, which is said") {
  Evening evening({lost(), code_refused()});
  const auto result = evening.log_in();
  REQUIRE_FALSE(result);
  CHECK_THAT(result.error().why, Catch::Contains("unknown code") && Catch::Contains("used the code up"));
  Evening without({reply_of(Verdict::pending), code_refused()});
  CHECK_THAT(without.log_in().error().why, !Catch::Contains("used the code up"));
}

}  // namespace offboard::test
