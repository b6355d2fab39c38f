#include <fuzzer/FuzzedDataProvider.h>

#include <cstdint>
#include <http/retry_after.hpp>

#include "given_answer.hpp"
#include "second_json.hpp"

namespace offboard::fuzz {
namespace {

constexpr std::array k_statuses = {100, 201, 204, 302, 400, 401, 403, 404,
                                   408, 409, 412, 429, 451, 500, 502, 503};
constexpr std::array k_names = {"WWW-Authenticate", "Retry-After", "Date", "Content-Type"};

/// Whatever is written there, one of the codes for "no relationship" stands in the body.
void check_no_relationship(const HttpAnswer& answer, const Json& root) {
  ensure(answer.status == 400 || answer.status == 403, "no other status says that there is no relationship");
  ensure(is_sound_object(root), "only JSON says so");
  const auto text = root.dump();
  const bool is_coded = text.find("20002") != std::string::npos || text.find("900159") != std::string::npos;
  const bool is_told = text.find("3000") != std::string::npos && contains_ignoring_case(text, "relationship");
  ensure(is_coded || is_told, "a code says so");
}

/// The contract's table, as far as the status alone decides.
std::optional<Verdict> verdict_by_status(What what, int status) {
  if (status == 429) return Verdict::throttled;
  if (status == 408 || status >= 500 || status < 300) return Verdict::unanswered;
  if (is_sign_in(what)) return std::nullopt;
  if (status == 401) return Verdict::unauthorized;
  if (status < 400) return Verdict::refused;
  return std::nullopt;
}

void check_reply(What what, const HttpAnswer& answer, const Reply& reply, const Json& root) {
  ensure(reply.verdict != Verdict::taken, "only a 200 is taken");
  const auto certain = verdict_by_status(what, answer.status);
  ensure(!certain || reply.verdict == *certain, "these are decided by their status");
  if (reply.verdict == Verdict::no_relationship) check_no_relationship(answer, root);
  if (is_sign_in(what)) {
    ensure(reply.verdict != Verdict::no_relationship && reply.verdict != Verdict::unauthorized,
           "a sign-in knows of no customers");
  } else {
    ensure(reply.verdict != Verdict::pending && reply.verdict != Verdict::slow_down,
           "only a sign-in waits for a person");
  }
  ensure((reply.health == ServiceHealth::down) == (answer.status == 408 || answer.status >= 500),
         "health is told by the status");
  ensure(!reply.evidence.message.empty() || !answer.body.empty() || !answer.headers.empty(),
         "an error without a word gets one of ours");
  ensure(!reply.retry_after ||
             (*reply.retry_after >= milliseconds(0) && *reply.retry_after <= k_longest_retry_after),
         "a wait is within bounds");
}

}  // namespace
}  // namespace offboard::fuzz

/// One answer other than 200, to every question there is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offboard;
  FuzzedDataProvider input(data, size);
  HttpAnswer answer;
  answer.status = input.PickValueInArray(fuzz::k_statuses);
  for (auto count = input.ConsumeIntegralInRange(0, 3); count > 0; --count) {
    const std::string name = input.PickValueInArray(fuzz::k_names);
    answer.headers.push_back({name, input.ConsumeRandomLengthString(60)});
  }
  answer.body = input.ConsumeRemainingBytesAsString();
  const auto root = fuzz::second_json(answer.body);
  for (const auto what : fuzz::k_all_asks)
    fuzz::check_reply(what, answer, fuzz::reply_to(what, answer), root);
  return 0;
}
