#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/call.hpp"

namespace offboard::simulator {

enum class Fault {
  status,  // an error status with one of the service's bodies
  reset_before,
  reset_after,
  truncate,
  truncate_without_length,
  garbage,
  stall,
  drip,
  html_502,    // a gateway's page
  empty_200,   // 200 and nothing
  wrong_type,  // JSON whose values have other types than promised
  deep_json,   // JSON nested 100,000 deep
  close_in_headers,
  huge_body,  // a sound answer, padded
  no_none,    // the PATCH says 200 but not `none`
  redirect,
  foreign_next  // a sound answer with a link to a next page elsewhere
};

inline constexpr std::array<std::pair<std::string_view, Fault>, 17> k_faults{{
    {"status", Fault::status},
    {"reset_before", Fault::reset_before},
    {"reset_after", Fault::reset_after},
    {"truncate", Fault::truncate},
    {"truncate_without_length", Fault::truncate_without_length},
    {"garbage", Fault::garbage},
    {"stall", Fault::stall},
    {"drip", Fault::drip},
    {"html_502", Fault::html_502},
    {"empty_200", Fault::empty_200},
    {"wrong_type", Fault::wrong_type},
    {"deep_json", Fault::deep_json},
    {"close_in_headers", Fault::close_in_headers},
    {"huge_body", Fault::huge_body},
    {"no_none", Fault::no_none},
    {"redirect", Fault::redirect},
    {"foreign_next", Fault::foreign_next},
}};

[[nodiscard]] std::string_view name_of(Fault fault);

/// Every part that is given must fit.
struct FaultMatch {
  std::optional<Kind> kind;
  std::optional<std::string> customer;  // in lower case
  std::optional<std::string> method;
  std::optional<std::string> path_contains;
};

/// Whether what the request asked for took place before the answer went wrong.
enum class FaultEffect { before, none };

/// What `nth` and `first` count.
enum class FaultCount {
  per_customer,  // each customer's matching requests of each kind by themselves
  overall        // all matching requests together: an outage of the service
};

struct FaultRule {
  FaultMatch match;
  std::vector<int> nth;               // these, counted from 1
  int first = 0;                      // the first so many
  std::optional<double> probability;  // with neither of the three: every time
  FaultCount count = FaultCount::per_customer;
  Fault fault = Fault::status;
  std::optional<FaultEffect> effect;  // absent: what is usual for the fault
  int status = 503;
  std::optional<std::string> retry_after;  // sent as it stands; a number of seconds is remembered
  std::optional<std::string> code;
  bool code_is_number = false;
  std::optional<std::string> description;
  std::optional<bool> is_retryable;
  std::optional<std::string> body;      // instead of the body that the other keys would make
  std::uint64_t bytes = 64U << 20U;     // of a huge body
  std::optional<std::string> location;  // of a redirect; of a foreign next link, the host
};

/// Which fault, if any, meets a request. Keeps the counts; every matching rule counts every request, and the
/// first rule whose turn it is wins.
class FaultPlan {
 public:
  FaultPlan(std::vector<FaultRule> rules, std::uint64_t seed) : seed_(seed), rules_(std::move(rules)) {
    counts_.resize(rules_.size());
  }
  /// Null if the request is to be answered honestly. The rule lives as long as the plan.
  [[nodiscard]] const FaultRule* next(const Call& call);

 private:
  [[nodiscard]] bool falls(std::size_t rule, const Call& call);
  std::uint64_t seed_;
  std::vector<FaultRule> rules_;
  std::vector<std::map<std::string, int>> counts_;
};

/// Whether the effect takes place although the answer goes wrong.
[[nodiscard]] FaultEffect effect_of(const FaultRule& rule);

}  // namespace offboard::simulator
