#include "run/login.hpp"

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

/// Asks until the person has signed in, the code has died, or somebody asks to stop.
Expected<Tokens, NoAnswer> wait_for_person(const DeviceCode& code, Credentials credentials,
                                           const Clock& clock, Conversation& conversation) {
  credentials.device_code = code.device_code;
  Ask ask;
  ask.what = What::device_token;
  ask.credentials = std::make_shared<const Credentials>(std::move(credentials));
  const auto until = clock.now() + code.lifetime;
  auto interval = code.interval;
  while (clock.now() < until) {
    if (!conversation.pause(interval))
      return failure(NoAnswer{Ending::stopped, "asked to stop by a signal", ""});
    auto reply = conversation.ask(ask);
    if (!reply) return failure(reply.error());
    if (reply->verdict == Verdict::taken) return std::move(std::get<Tokens>(reply->content));
    if (reply->verdict == Verdict::slow_down) interval += k_slower;
    if (reply->verdict == Verdict::refused) return failure(refused(*reply));
  }
  return failure(refused("the code has expired before anybody signed in with it"));
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
  make_parent_folder(file);
  const auto turn = turn_at(file, conversation);
  store_refresh_token(file, token);
}

}  // namespace

Expected<std::string, NoAnswer> log_in(const Job& job, Workers& workers, const Clock& clock, Random& random,
                                       const StopRequest& stop,
                                       const std::function<void(const DeviceCode&)>& show) {
  Conversation conversation(job.retry, workers, clock, random, stop);
  const auto credentials = load_client_proof(job.partner_center);
  if (!credentials) return failure(refused(credentials.error()));
  Ask ask;
  ask.what = What::device_code;
  ask.credentials = std::make_shared<const Credentials>(*credentials);
  const auto begun = conversation.ask(ask);
  if (!begun) return failure(begun.error());
  if (begun->verdict != Verdict::taken) return failure(refused(*begun));
  const auto& code = std::get<DeviceCode>(begun->content);
  show(code);
  const auto tokens = wait_for_person(code, *credentials, clock, conversation);
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
