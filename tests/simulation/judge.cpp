#include "judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.hpp"

namespace offboard::test {
namespace {

using simulator::Effect;
using simulator::Kind;
using simulator::LogEntry;

/// What the client can have learnt about a customer, going by what it was sent.
struct Known {
  // In this process; when the last sound answer was given. A page of the list of customers is one about each.
  std::map<Kind, UtcTime> read_at;
  std::optional<simulator::Told> told;  // by the last of them about the customer
  bool read_by_itself = false;          // in this process
  std::optional<LogEntry> last_patch;
  bool read_since_patch = false;
  bool listed_since_patch = false;
  int removals = 0;
};

bool is_sound(const LogEntry& entry) {
  return entry.fault.empty() || entry.fault == "drip";
}
bool says_no_relationship(const LogEntry& entry) {
  return entry.status == 403 && is_sound(entry);
}
bool was_processed(const LogEntry& patch) {
  return patch.status != 429 && patch.status != 401;
}
bool is_definite(const LogEntry& patch) {
  if (patch.status == 200) return is_sound(patch);
  return patch.status >= 400 && patch.status < 500 && patch.status != 408 && was_processed(patch);
}

class Judge {
 public:
  explicit Judge(const Circumstances& circumstances) : circumstances_(circumstances) {}

  void hear(const LogEntry& entry) {
    auto& known = customers_[entry.customer];
    look_at_effects(entry, known);
    if (entry.kind == Kind::patch) return hear_patch(entry, known);
    if (entry.status == 200 && is_sound(entry)) hear_facts(entry, known);
    if (entry.kind == Kind::customer && (entry.status == 200 || says_no_relationship(entry)))
      known.read_since_patch = true;
  }

  /// A new process has read nothing yet.
  void begin_process(const Process& process) {
    process_ = &process;
    for (auto& [id, known] : customers_) {
      known.read_at.clear();
      known.read_by_itself = false;
    }
  }

  std::vector<std::string> broken;

 private:
  void object(const LogEntry& entry, std::string_view what) {
    broken.push_back(
        fmt::format("#{} {} {} ({}): {}", entry.seq, entry.method, entry.target, entry.status, what));
  }

  void hear_facts(const LogEntry& entry, Known& known) {
    known.read_at[entry.kind] = entry.at;
    for (const auto& told : entry.told) {
      auto& other = customers_[told.customer];
      if (entry.kind == Kind::customers) other.listed_since_patch = true;
      // Whoever was asked for by itself is not judged by the list any more.
      if (entry.kind == Kind::customers && other.read_by_itself) continue;
      other.read_by_itself = entry.kind == Kind::customer;
      other.read_at[Kind::customer] = entry.at;
      other.told = told;
    }
  }

  void look_at_effects(const LogEntry& entry, Known& known) {
    if (entry.has(Effect::removed) && ++known.removals > 1) object(entry, "removed twice");
    if (entry.has(Effect::second_removal_attempt) &&
        circumstances_.ended_by_others.count(entry.customer) == 0)
      object(entry, "a removed customer's removal, as a new request");
    if (entry.has(Effect::removed_while_blocked) && could_know(entry, known))
      object(entry, "a removal while blocked");
    if (entry.has(Effect::purged)) object(entry, "purged");
    if (entry.has(Effect::delegated_access_changed)) object(entry, "delegated access changed");
    if (entry.kind == Kind::other) object(entry, "not an address of the service");
    // Another customer's 429 cannot be told from the partner's own before there are several.
    const bool own = entry.early && entry.early->scope == simulator::EarlyScope::customer;
    if (own && !circumstances_.answers_were_lost && !circumstances_.clock_ran_ahead)
      object(entry, "before Retry-After was over");
  }

  /// Whether what stands in the way could be seen when the subscriptions were last read.
  [[nodiscard]] bool could_know(const LogEntry& entry, const Known& known) const {
    const auto since = circumstances_.blocked_since.find(entry.customer);
    if (since == circumstances_.blocked_since.end()) return true;
    const auto read = known.read_at.find(Kind::subscriptions);
    return read == known.read_at.end() || read->second > since->second;
  }

  void hear_patch(const LogEntry& entry, Known& known) {
    if (process_->listed.count(entry.customer) == 0) object(entry, "a removal of a tenant off the list");
    if (known.told && !is_as_expected(*known.told))
      object(entry, "a removal of somebody else than was meant");
    for (const auto kind : {Kind::customer, Kind::subscriptions, Kind::entitlements}) {
      const auto read = known.read_at.find(kind);
      if (read == known.read_at.end()) {
        object(entry, "a removal without reading everything in this run");
      } else if (read->second + process_->recheck_after < entry.at) {
        object(entry, "a removal on facts that are too old");
      }
    }
    if (known.last_patch) compare(*known.last_patch, entry, known);
    known.last_patch = entry;
    known.read_since_patch = known.listed_since_patch = false;
  }

  [[nodiscard]] bool is_as_expected(const simulator::Told& told) const {
    const auto listed = process_->listed.find(told.customer);
    if (listed == process_->listed.end()) return true;
    const bool is_named_so = listed->second.empty() || same_name(listed->second, told.company_name);
    return is_named_so && told.relationship == "reseller";
  }

  void compare(const LogEntry& before, const LogEntry& now, const Known& known) {
    const bool refused = is_definite(before) && before.status != 200;
    if (is_definite(before) && before.status == 200 && !circumstances_.answers_were_lost)
      object(now, "a removal after a definite answer");
    if (!refused && before.request_id != now.request_id) object(now, "a repeated removal with another id");
    // What was refused is no open question: then a page of the list of customers is as good as a read.
    const bool was_looked_at = known.read_since_patch || (refused && known.listed_since_patch);
    if (was_processed(before) && !was_looked_at) object(now, "a repeated removal without reading back");
  }

  const Circumstances& circumstances_;
  const Process* process_ = nullptr;
  std::map<std::string, Known> customers_;
};

}  // namespace

std::vector<std::string> broken_promises(const std::vector<LogEntry>& log,
                                         const Circumstances& circumstances) {
  Judge judge(circumstances);
  auto next = circumstances.processes.begin();
  for (std::size_t i = 0; i < log.size(); ++i) {
    for (; next != circumstances.processes.end() && next->log_begins == i; ++next) judge.begin_process(*next);
    judge.hear(log[i]);
  }
  return judge.broken;
}

}  // namespace offboard::test
