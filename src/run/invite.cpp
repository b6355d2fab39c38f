#include "run/invite.hpp"

#include "base/defect.hpp"
#include "pace/retry.hpp"
#include "run/session.hpp"

namespace offboard {
namespace {

/// Sends one request at a time and repeats it until there is a definite answer.
class Conversation {
 public:
  Conversation(const Job& job, Workers& workers, const Clock& clock, Random& random, const StopRequest& stop)
      : limits_{job.retry.max_attempts, job.retry.max_wait},
        workers_(workers),
        clock_(clock),
        random_(random),
        stop_(stop) {}

  [[nodiscard]] Expected<Reply, InviteFailure> ask(const Ask& ask) {
    for (int unanswered = 0, throttled = 0;;) {
      auto reply = send(ask);
      if (stop_.is_asked()) return failure(InviteFailure{Ending::stopped, "asked to stop by a signal", ""});
      const bool is_throttled = reply.verdict == Verdict::throttled;
      if (!is_throttled && reply.verdict != Verdict::unanswered) return reply;
      const auto next =
          next_try(is_throttled ? Trouble::throttled : Trouble::unanswered,
                   is_throttled ? ++throttled : ++unanswered, reply.retry_after, limits_, random_);
      const auto* again = std::get_if<Again>(&next);
      if (again == nullptr) {
        return failure(
            InviteFailure{Ending::service_unavailable, reply.evidence.message, reply.evidence.error_code});
      }
      pause(again->wait);
    }
  }

 private:
  Reply send(const Ask& ask) {
    workers_.hand_out({1, ask});
    while (true) {
      auto returned = workers_.wait(std::nullopt);
      if (!returned.empty()) return std::move(returned.front().reply);
      if (stop_.is_asked()) workers_.drop_reads();
    }
  }

  void pause(milliseconds wait) {
    const auto until = clock_.now() + wait;
    while (clock_.now() < until && !stop_.is_asked()) {
      const auto nothing = workers_.wait(until);
      ensure(nothing.empty(), "nothing is out during a pause");
    }
  }

  RetryLimits limits_;
  Workers& workers_;
  const Clock& clock_;
  Random& random_;
  const StopRequest& stop_;
};

InviteFailure signed_out(const Reply& reply) {
  return {Ending::signed_out, reply.evidence.message, reply.evidence.error_code};
}

}  // namespace

Expected<std::string, InviteFailure> invitation_link(const Job& job, Workers& workers, const Clock& clock,
                                                     Random& random, const StopRequest& stop) {
  Conversation conversation(job, workers, clock, random, stop);
  Session session(job.partner_center);
  const auto sign_in = session.sign_in();
  if (!sign_in) return failure(InviteFailure{Ending::signed_out, sign_in.error(), ""});
  const auto sent_at = clock.now();
  const auto signed_in = conversation.ask(*sign_in);
  if (!signed_in) return failure(signed_in.error());
  if (signed_in->verdict != Verdict::taken) return failure(signed_out(*signed_in));
  session.accept(std::get<Tokens>(signed_in->content), sent_at);

  Ask ask;
  ask.what = What::invitation;
  ask.request_id = random.guid();
  ask.correlation_id = random.guid();
  ask.token = session.token();
  const auto reply = conversation.ask(ask);
  if (!reply) return failure(reply.error());
  if (reply->verdict == Verdict::unauthorized) return failure(signed_out(*reply));
  if (reply->verdict != Verdict::taken) {
    return failure(InviteFailure{Ending::completed, reply->evidence.message, reply->evidence.error_code});
  }
  return std::get<Invitation>(reply->content).url;
}

}  // namespace offboard
