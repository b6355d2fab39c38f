#include "run/login.hpp"

#include <algorithm>
#include <system_error>

#include "base/file.hpp"
#include "base/file_lock.hpp"
#include "partner_center/credentials.hpp"
#include "run/session.hpp"
#include "run/token_check.hpp"

namespace offboard {
namespace {

NoAnswer refused(const Reply& reply) {
  return {Ending::signed_out, reply.evidence.message, reply.evidence.error_code};
}

NoAnswer refused(std::string why) {
  return {Ending::signed_out, std::move(why), ""};
}

/// How much slower to ask after each "slow_down" (RFC 8628 section 3.5).
constexpr seconds k_slower = seconds(5);

constexpr milliseconds k_longest_turn = seconds(30);

/// The network may be gone for long; then it is asked ever less often, but this often.
constexpr milliseconds k_longest_interval = std::chrono::minutes(1);

/// Asks until the person has signed in, the code has died, or somebody asks to stop.
class WaitForPerson {
 public:
  WaitForPerson(const DeviceCode& code, Credentials credentials, const Clock& clock,
                Conversation& conversation, const LoginShow& show)
      : clock_(clock),
        conversation_(conversation),
        show_(show),
        until_(clock.now() + code.lifetime),
        interval_(code.interval),
        wait_(code.interval) {
    credentials.device_code = code.device_code;
    ask_.what = What::device_token;
    ask_.credentials = std::make_shared<const Credentials>(std::move(credentials));
  }

  Expected<Tokens, NoAnswer> result() {
    while (clock_.now() < until_) {
      if (!conversation_.pause(std::min<milliseconds>(wait_, until_ - clock_.now())))
        return failure(NoAnswer{Ending::stopped, "asked to stop by a signal", ""});
      if (clock_.now() < not_before_) break;  // the code dies first
      auto reply = conversation_.ask_once(ask_);
      if (!reply) return failure(reply.error());
      if (reply->verdict == Verdict::taken) return std::move(std::get<Tokens>(reply->content));
      if (reply->verdict == Verdict::refused || reply->is_unusable) return failure(refused_code(*reply));
      take_delay(*reply);
    }
    if (trouble_.empty()) return failure(refused("the code has expired before anybody signed in with it"));
    return failure(
        refused("the code has expired, and the sign-in service did not answer (" + trouble_ + ")"));
  }

 private:
  /// RFC 8628 section 3.5: every loss of the network doubles the interval for as long as it lasts.
  void take_delay(const Reply& reply) {
    if (reply.verdict == Verdict::slow_down) interval_ += k_slower;
    const bool is_answered = reply.verdict == Verdict::pending || reply.verdict == Verdict::slow_down;
    if (!is_answered && trouble_.empty()) show_.no_answer(reply.evidence.message);
    trouble_ = is_answered ? "" : reply.evidence.message;
    is_answer_lost_ |= reply.verdict == Verdict::unanswered && reply.sending == Sending::sent;
    wait_ = is_answered ? interval_ : std::max(interval_, std::min(2 * wait_, k_longest_interval));
    const auto asked = reply.retry_after.value_or(milliseconds(0));
    not_before_ = clock_.now() + asked;
    wait_ = std::max(wait_, asked);
  }

  /// A code is good once.
  [[nodiscard]] NoAnswer refused_code(const Reply& reply) const {
    auto trouble = refused(reply);
    if (reply.refuses_grant && is_answer_lost_)
      trouble.why += "; an earlier answer was lost on its way, so the sign-in may have used the code up";
    return trouble;
  }

  const Clock& clock_;
  Conversation& conversation_;
  const LoginShow& show_;
  Ask ask_;
  Instant until_;
  Instant not_before_{};   // by Retry-After
  milliseconds interval_;  // that the service asks for
  milliseconds wait_;
  std::string trouble_;  // since the last answer
  bool is_answer_lost_ = false;
};

/// Before a person takes the trouble: why no token could be stored there; empty if it can.
std::string obstacle_at(const std::filesystem::path& file) {
  make_parent_folder(file);
  std::error_code none;
  if (std::filesystem::exists(file, none) && !std::filesystem::is_regular_file(file, none))
    return file.string() + ": not a regular file";
  const auto lock = FileLock::take(file);
  return lock || lock.error().kind == LockTroubleKind::held ? "" : lock.error().message;
}

/// Nothing if there is no lock to be had, or another program keeps it for long.
std::optional<FileLock> turn_at(const std::filesystem::path& file, Conversation& conversation) {
  for (auto waited = milliseconds(0); waited < k_longest_turn; waited += k_look_for_turn) {
    auto lock = FileLock::take(file);
    if (lock) return std::move(*lock);
    const bool is_held = lock.error().kind == LockTroubleKind::held;
    if (!is_held || !conversation.pause(k_look_for_turn)) return std::nullopt;
  }
  return std::nullopt;
}

/// Another program may be renewing the token before; what it stores must not come on top of the new one. The
/// person has signed in by now, so a program that does not end is no reason to lose that.
void store(const std::filesystem::path& file, const Secret& token, Conversation& conversation) {
  const auto turn = turn_at(file, conversation);
  store_refresh_token(file, token);
}

}  // namespace

Expected<std::string, NoAnswer> log_in(const Job& job, Workers& workers, const Clock& clock, Random& random,
                                       const StopRequest& stop, const LoginShow& show) {
  Conversation conversation(job.retry, workers, clock, random, stop);
  const auto credentials = load_client_proof(job.partner_center);
  if (!credentials) return failure(refused(credentials.error()));
  if (const auto obstacle = obstacle_at(job.partner_center.refresh_token_file); !obstacle.empty())
    return failure(refused("no refresh token could be stored: " + obstacle));
  Ask ask;
  ask.what = What::device_code;
  ask.credentials = std::make_shared<const Credentials>(*credentials);
  const auto begun = conversation.ask(ask);
  if (!begun) return failure(begun.error());
  if (begun->verdict != Verdict::taken) return failure(refused(*begun));
  const auto& code = std::get<DeviceCode>(begun->content);
  show.code(code);
  const auto tokens = WaitForPerson(code, *credentials, clock, conversation, show).result();
  if (!tokens) return failure(tokens.error());
  if (!tokens->refresh_token) {
    return failure(
        refused("the service gave no refresh token; the application needs the permission offline_access"));
  }
  TokenCheck check(job.partner_center);
  auto who = check.look_at(tokens->access_token);
  if (const auto objection = check.objection_to_tenant(); !objection.empty())
    return failure(refused("the new refresh token is not kept: " + objection));
  store(job.partner_center.refresh_token_file, *tokens->refresh_token, conversation);
  return who;
}

}  // namespace offboard
