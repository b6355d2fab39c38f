#include "simulator/log.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace offboard::simulator {

std::string_view name_of(Effect effect) {
  switch (effect) {
    case Effect::removed: return "removed";
    case Effect::replay: return "replay";
    case Effect::second_removal_attempt: return "second_removal_attempt";
    case Effect::removed_while_blocked: return "removed_while_blocked";
    case Effect::refused: return "refused";
    case Effect::delegated_access_changed: return "delegated_access_changed";
    case Effect::purged: return "purged";
    case Effect::throttled: return "throttled";
    case Effect::served_early: return "served_early";
    case Effect::unauthorized: return "unauthorized";
    case Effect::tokens_issued: return "tokens_issued";
    case Effect::sign_in_refused: return "sign_in_refused";
  }
  return "";
}

bool LogEntry::has(Effect effect) const {
  return std::find(effects.begin(), effects.end(), effect) != effects.end();
}

std::string json_line(const LogEntry& entry) {
  nlohmann::ordered_json line;
  line["seq"] = entry.seq;
  line["at"] = iso_text(entry.at);
  line["kind"] = name_of(entry.kind);
  line["method"] = entry.method;
  line["target"] = entry.target;
  line["customer"] = entry.customer;
  line["request_id"] = entry.request_id;
  line["correlation_id"] = entry.correlation_id;
  line["status"] = entry.status;
  line["fault"] = entry.fault;
  line["retry_after"] = entry.retry_after;
  line["effects"] = nlohmann::ordered_json::array();
  for (const Effect effect : entry.effects) line["effects"].push_back(name_of(effect));
  line["removed_while_blocked"] = entry.has(Effect::removed_while_blocked);
  line["blocked_by"] = entry.blocked_by;
  if (entry.early) {
    line["early_scope"] = entry.early->scope == EarlyScope::customer ? "customer" : "partner";
    line["early_by_ms"] = entry.early->by.count();
    line["since_429_ms"] = entry.early->since_429.count();
  }
  if (entry.kind == Kind::customers) line["listed"] = entry.told.size();
  // What a client sends need not be UTF-8; the log stays readable whatever it sends.
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace offboard::simulator
