#include <cmath>

#include "base/text.hpp"
#include "simulator/yaml_fields.hpp"

namespace offboard::simulator {
namespace {

int whole(const std::string& word) {
  return word.size() > 9 || word.find_first_not_of("0123456789") != std::string::npos || word.empty()
             ? 0
             : std::stoi(word);
}

FaultMatch read_match(const YAML::Node& node, const Source& source) {
  Fields fields(node, "a match", source);
  FaultMatch match;
  match.kind = fields.choice_of<Kind>("kind", k_kinds);
  match.customer = fields.text("customer");
  if (match.customer) match.customer = to_lower(*match.customer);
  match.method = fields.text("method");
  match.path_contains = fields.text("path_contains");
  fields.done();
  return match;
}

void read_turn(Fields& fields, FaultRule& rule) {
  for (const auto& word : fields.texts("nth").value_or(std::vector<std::string>{})) {
    if (whole(word) < 1) fields.complain_of("nth", "must be a list of numbers from 1");
    rule.nth.push_back(whole(word));
  }
  rule.first = fields.small_number("first", 0);
  rule.probability = fields.decimal("probability");
  rule.count = fields.choice("count", FaultCount::per_customer,
                             {{"per_customer", FaultCount::per_customer}, {"overall", FaultCount::overall}});
}

void read_error(Fields& fields, FaultRule& rule) {
  rule.status =
      static_cast<int>(fields.number("status", rule.fault == Fault::redirect ? 302 : 503, 200, 599));
  rule.retry_after = fields.text("retry_after");
  rule.code = fields.text("code");
  // A plain number is sent as a JSON number and a quoted one as a string: the service does both.
  if (const auto code = fields.node("code"))
    rule.code_is_number = code->Tag() == "?" && whole(*rule.code) > 0;
  rule.description = fields.text("description");
  rule.is_retryable = fields.flag("is_retryable");
  rule.body = fields.text("body");
}

}  // namespace

SignInRules read_sign_in(const YAML::Node& node, const Source& source) {
  Fields fields(node, "sign_in", source);
  SignInRules rules;
  rules.tenant = fields.text("tenant");
  rules.client_id = fields.text("client_id");
  rules.client_secret = fields.text("client_secret");
  rules.refresh_token = fields.text("refresh_token");
  rules.access_token_life = seconds(fields.number("access_token_seconds", 3600, 1));
  rules.rotate = fields.flag("rotate", true);
  rules.strict_rotation = fields.flag("strict_rotation", false);
  rules.refuse = fields.text("refuse");
  rules.device_code_pending = fields.small_number("device_code_pending", 1);
  rules.device_code_outcome = fields.choice("device_code_outcome", DeviceOutcome::granted,
                                            {{"granted", DeviceOutcome::granted},
                                             {"declined", DeviceOutcome::declined},
                                             {"expired", DeviceOutcome::expired}});
  rules.trust = fields.choice("trust", Trust::own_tokens,
                              {{"own-tokens", Trust::own_tokens}, {"any-bearer", Trust::any_bearer}});
  fields.done();
  return rules;
}

ThrottleRule read_throttle(const YAML::Node& node, const Source& source) {
  Fields fields(node, "a throttle", source);
  ThrottleRule rule;
  rule.scope = fields.choice("scope", ThrottleScope::partner,
                             {{"partner", ThrottleScope::partner}, {"customer", ThrottleScope::customer}});
  rule.calls = fields.choice("calls", ThrottledCalls::all,
                             {{"all", ThrottledCalls::all},
                              {"reads", ThrottledCalls::reads},
                              {"removals", ThrottledCalls::removals}});
  rule.model = fields.choice("model", ThrottleModel::sliding_window,
                             {{"fixed_window", ThrottleModel::fixed_window},
                              {"sliding_window", ThrottleModel::sliding_window},
                              {"token_bucket", ThrottleModel::token_bucket}});
  rule.limit = fields.small_number("limit", 500, 1);
  rule.per = milliseconds(std::llround(fields.decimal("per_seconds").value_or(60.0) * 1000));
  if (rule.per < milliseconds(1)) fields.complain_of("per_seconds", "must be above zero");
  rule.burst = fields.small_number("burst", 0);
  rule.refused_calls =
      fields.flag("refused_calls_count", false) ? RefusedCalls::count : RefusedCalls::do_not_count;
  rule.retry_after = fields.choice(
      "retry_after", RetryAfterForm::seconds,
      {{"seconds", RetryAfterForm::seconds}, {"date", RetryAfterForm::date}, {"none", RetryAfterForm::none}});
  rule.body = fields.choice("body", ThrottleBody::gateway,
                            {{"gateway", ThrottleBody::gateway}, {"empty", ThrottleBody::empty}});
  rule.headers = fields.choice("headers", QuotaHeaders::none,
                               {{"none", QuotaHeaders::none},
                                {"structured", QuotaHeaders::structured},
                                {"dictionary", QuotaHeaders::dictionary},
                                {"pair", QuotaHeaders::pair},
                                {"epoch", QuotaHeaders::epoch}});
  fields.done();
  return rule;
}

FaultRule read_fault(const YAML::Node& node, const Source& source) {
  Fields fields(node, "a fault", source);
  FaultRule rule;
  if (const auto match = fields.node("match")) rule.match = read_match(*match, source);
  read_turn(fields, rule);
  const auto fault = fields.choice_of<Fault>("fault", k_faults);
  if (!fault) fields.complain_of("fault", "is required");
  rule.fault = *fault;
  read_error(fields, rule);
  if (const auto effect = fields.choice_of<FaultEffect>(
          "effect", std::initializer_list<std::pair<std::string_view, FaultEffect>>{
                        {"before", FaultEffect::before}, {"none", FaultEffect::none}}))
    rule.effect = effect;
  constexpr std::int64_t k_most_bytes = 1'000'000'000'000;
  rule.bytes = static_cast<std::uint64_t>(
      fields.number("bytes", static_cast<std::int64_t>(rule.bytes), 0, k_most_bytes));
  rule.location = fields.text("location");
  fields.done();
  return rule;
}

}  // namespace offboard::simulator
