#include "run/conversation.hpp"

#include <variant>

#include "base/defect.hpp"

namespace offboard {
namespace {

NoAnswer stopped() {
  return {Ending::stopped, "asked to stop by a signal", ""};
}

}  // namespace

Conversation::Conversation(const RetrySettings& retry, Workers& workers, const Clock& clock, Random& random,
                           const StopRequest& stop)
    : limits_{retry.max_attempts, retry.max_wait},
      workers_(workers),
      clock_(clock),
      random_(random),
      stop_(stop) {}

Expected<Reply, NoAnswer> Conversation::ask(const Ask& ask) {
  for (int unanswered = 0, throttled = 0;;) {
    auto reply = ask_once(ask);
    if (!reply) return reply;
    const bool is_throttled = reply->verdict == Verdict::throttled;
    if (!is_throttled && reply->verdict != Verdict::unanswered) return reply;
    const auto next =
        next_try(is_throttled ? Trouble::throttled : Trouble::unanswered,
                 is_throttled ? ++throttled : ++unanswered, reply->retry_after, limits_, random_);
    const auto* again = std::get_if<Again>(&next);
    if (again == nullptr) {
      const auto ending = reply->is_unusable ? Ending::signed_out : Ending::service_unavailable;
      return failure(NoAnswer{ending, reply->evidence.message, reply->evidence.error_code});
    }
    if (!pause(again->wait)) return failure(stopped());
  }
}

Expected<Reply, NoAnswer> Conversation::ask_once(const Ask& ask) {
  auto reply = send(ask);
  // What was answered all the same is kept: it may hold the only good refresh token.
  if (reply.verdict != Verdict::taken && stop_.is_asked()) return failure(stopped());
  return reply;
}

/// Asked to stop, a sign-in on its way gets a while like a PATCH: its answer may hold the only good refresh
/// token.
Reply Conversation::send(const Ask& ask) {
  workers_.hand_out({1, ask});
  std::optional<Instant> until;
  while (true) {
    auto returned = workers_.wait(until);
    if (!returned.empty()) return std::move(returned.front().reply);
    if (!stop_.is_asked()) continue;
    workers_.drop_reads();
    if (!until) until = clock_.now() + k_last_answers;
    if (clock_.now() >= *until) {
      workers_.drop_all();
      until.reset();
    }
  }
}

bool Conversation::pause(milliseconds wait) {
  const auto until = clock_.now() + wait;
  while (clock_.now() < until && !stop_.is_asked()) {
    const auto nothing = workers_.wait(until);
    ensure(nothing.empty(), "nothing is out during a pause");
  }
  return !stop_.is_asked();
}

}  // namespace offboard
