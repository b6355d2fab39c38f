#include "run/invite.hpp"

#include "run/session.hpp"

namespace offboard {
namespace {

NoAnswer signed_out(const Reply& reply) {
  return {Ending::signed_out, reply.evidence.message, reply.evidence.error_code};
}

/// Until no other program is at the same refresh token.
Expected<void, NoAnswer> await_turn(Session& session, const Job& job, Conversation& conversation) {
  for (auto waited = milliseconds(0); !session.take_turn(); waited += k_look_for_turn) {
    if (waited > job.retry.timeout) {
      return failure(
          NoAnswer{Ending::service_unavailable, "another program keeps the refresh token locked", ""});
    }
    if (!conversation.pause(k_look_for_turn))
      return failure(NoAnswer{Ending::stopped, "asked to stop by a signal", ""});
  }
  return {};
}

/// Asks with a new token; a 401 is worth one more sign-in.
Expected<Reply, NoAnswer> ask_signed_in(const Job& job, Conversation& conversation, const Clock& clock,
                                        Random& random) {
  Session session(job.partner_center);
  if (const auto turn = await_turn(session, job, conversation); !turn) return failure(turn.error());
  const auto sign_in = session.sign_in();
  if (!sign_in) return failure(NoAnswer{Ending::signed_out, sign_in.error(), ""});
  const auto sent_at = clock.now();
  const auto signed_in = conversation.ask(*sign_in);
  if (!signed_in) return failure(signed_in.error());
  if (signed_in->verdict != Verdict::taken) {
    session.give_up_turn(*signed_in);
    return failure(
        NoAnswer{Ending::signed_out, session.why_refused(*signed_in), signed_in->evidence.error_code});
  }
  session.accept(std::get<Tokens>(signed_in->content), *sign_in->credentials, sent_at, clock.now());
  Ask ask;
  ask.what = What::invitation;
  ask.request_id = random.guid();
  ask.correlation_id = random.guid();
  ask.token = session.token();
  return conversation.ask(ask);
}

}  // namespace

Expected<std::string, NoAnswer> invitation_link(const Job& job, Workers& workers, const Clock& clock,
                                                Random& random, const StopRequest& stop) {
  Conversation conversation(job.retry, workers, clock, random, stop);
  auto reply = ask_signed_in(job, conversation, clock, random);
  if (reply && reply->verdict == Verdict::unauthorized)
    reply = ask_signed_in(job, conversation, clock, random);
  if (!reply) return failure(reply.error());
  if (reply->verdict == Verdict::unauthorized) return failure(signed_out(*reply));
  if (reply->verdict != Verdict::taken) {
    return failure(NoAnswer{Ending::completed, reply->evidence.message, reply->evidence.error_code});
  }
  return std::get<Invitation>(reply->content).url;
}

}  // namespace offboard
