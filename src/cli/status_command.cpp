#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "cli/advice.hpp"
#include "cli/commands.hpp"
#include "cli/existing_ledger.hpp"
#include "cli/exit_code.hpp"
#include "ledger/reader.hpp"
#include "partner_center/credentials.hpp"
#include "run/known_rate.hpp"

namespace offboard {
namespace {

constexpr std::int64_t k_shown_runs = 5;

struct Status {
  std::vector<std::pair<std::string, std::int64_t>> counts;
  Standing standing;
  std::vector<RunRow> runs;  // newest first
  std::optional<PaceRecord> pace;
};

Standing standing_of(const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  Standing standing;
  for (const auto& [name, count] : counts) {
    if (name == "withdrawn") continue;
    standing.tenants += count;
    if (name == "pending") standing.pending = count;
    if (name == "checked") standing.checked = count;
    if (name == "blocked") standing.blocked = count;
    if (name == "ready") standing.ready = count;
    if (name == "patching") standing.patching = count;
    if (name == "patched") standing.patched = count;
    if (name == "failed") standing.failed = count;
  }
  return standing;
}

Status read_status(const std::filesystem::path& ledger) {
  const LedgerReader reader(ledger);
  Status status;
  status.counts = reader.counts_by_state();
  status.standing = standing_of(status.counts);
  status.runs = reader.last_runs(k_shown_runs);
  status.pace = reader.pace();
  return status;
}

/// A refresh token lives this long from its issue (Microsoft identity platform, "Refresh tokens"), and is
/// issued anew at each use.
constexpr std::chrono::days k_token_life(90);
constexpr std::chrono::days k_old_token(75);

struct TokenAge {
  UtcTime renewed_at;
  std::chrono::days age;
  bool is_old = false;
};

/// By when its file was last written, which is done at each renewal and at no other time. The failure is why
/// there is no token.
Expected<TokenAge, std::string> token_age(const Job& job, UtcTime now) {
  const auto& file = job.partner_center.refresh_token_file;
  if (const auto token = load_refresh_token(file); !token) return failure(token.error());
  const auto renewed_at = written_at(file);
  if (!renewed_at) return failure(file.string() + " cannot be looked at");
  const auto age = std::max(std::chrono::floor<std::chrono::days>(now - *renewed_at), std::chrono::days(0));
  return TokenAge{*renewed_at, age, age >= k_old_token};
}

std::string sentence_on(const Expected<TokenAge, std::string>& token, const std::string& job) {
  if (!token)
    return fmt::format("There is no refresh token yet ({}): `offboard login {}`.", token.error(), job);
  auto text = fmt::format("The refresh token was renewed {} days ago, on {}.", token->age.count(),
                          date_text(token->renewed_at));
  if (token->age >= k_token_life)
    return text +
           fmt::format(" Unused for {} days it is dead: `offboard login {}`.", k_token_life.count(), job);
  if (token->is_old)
    text += fmt::format(" Unused it dies at {} days: let the job run, or `offboard login {}`.",
                        k_token_life.count(), job);
  return text;
}

nlohmann::ordered_json as_json(const Expected<TokenAge, std::string>& token) {
  if (!token) return nullptr;
  return {{"renewed_at", iso_text(token->renewed_at)},
          {"age_days", token->age.count()},
          {"is_old", token->is_old}};
}

std::string sentence_on(const std::optional<PaceRecord>& pace, UtcTime now) {
  const auto known = known_rate(pace, now);
  if (!known) return "";
  return fmt::format("The service lets through about {:.0f} requests a minute, learned on {}; {}.\n",
                     known->per_minute, date_text(pace->learned_at),
                     known->trial_after > 0
                         ? fmt::format("more is tried after {:.0f} further requests", known->trial_after)
                         : "the next run tries more");
}

nlohmann::ordered_json as_json(const std::optional<PaceRecord>& pace, UtcTime now) {
  const auto known = known_rate(pace, now);
  if (!known) return nullptr;
  return {{"per_minute", std::llround(known->per_minute)},
          {"learned_at", iso_text(pace->learned_at)},
          {"trial_after", std::llround(known->trial_after)}};
}

nlohmann::ordered_json text_or_null(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
}

nlohmann::ordered_json as_json(const RunRow& run) {
  nlohmann::ordered_json json;
  json["run_id"] = run.run_id;
  json["command"] = run.command;
  json["started_at"] = run.started_at;
  json["ended_at"] = text_or_null(run.ended_at);
  json["outcome"] = text_or_null(run.outcome);
  json["exit_code"] =
      run.exit_code ? nlohmann::ordered_json(*run.exit_code) : nlohmann::ordered_json(nullptr);
  json["signed_in"] = text_or_null(run.signed_in);
  return json;
}

void print_json(const Job& job, const Status& status, const Expected<TokenAge, std::string>& token,
                UtcTime now, const std::string& next) {
  nlohmann::ordered_json json;
  json["name"] = job.name;
  json["ledger"] = job.ledger.string();
  json["tenants"] = status.standing.tenants;
  for (const auto& [state, count] : status.counts) json["states"][state] = count;
  json["runs"] = nlohmann::ordered_json::array();
  for (const auto& run : status.runs) json["runs"].push_back(as_json(run));
  json["pace"] = as_json(status.pace, now);
  json["refresh_token"] = as_json(token);
  json["next"] = next;
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void print_text(const Job& job, const Status& status, const std::string& token, UtcTime now,
                const std::string& next) {
  fmt::print("{}: {} tenants on the list (ledger {})\n\n", job.name, status.standing.tenants,
             job.ledger.string());
  for (const auto& [state, count] : status.counts) fmt::print("  {:<10} {:>8}\n", state, count);
  fmt::print("\nLast runs:\n");
  for (const auto& run : status.runs) {
    const std::string ended = run.ended_at.empty() ? std::string("-") : run.ended_at;
    const std::string outcome =
        run.outcome.empty() ? std::string("no end recorded: going on, or killed") : run.outcome;
    fmt::print("  {}  {:<5}  to {}  {}{}{}\n", run.started_at, run.command, ended, outcome,
               run.exit_code ? fmt::format(" (exit {})", *run.exit_code) : "",
               run.signed_in.empty() ? "" : fmt::format(", signed in as {}", run.signed_in));
  }
  fmt::print("\n{}{}\n{}\n", sentence_on(status.pace, now), token, next);
}

}  // namespace

int status_command(const Arguments& arguments, Terminal& terminal) {
  const auto job = read_job(arguments.job);
  require_ledger(job, arguments.job);
  const auto status = read_status(job.ledger);
  const auto next = next_step(status.standing, arguments.job.string());
  const auto now = SystemClock().utc();
  const auto token = token_age(job, now);
  const auto on_token = sentence_on(token, arguments.job.string());
  if (token && token->is_old) terminal.warning(on_token);
  if (arguments.status_format == StatusFormat::json) {
    print_json(job, status, token, now, next);
  } else {
    print_text(job, status, on_token, now, next);
  }
  return k_exit_done;
}

}  // namespace offboard
