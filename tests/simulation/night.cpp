#include "night.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "../unit/listed_in_memory.hpp"

namespace offboard::test {

void RecordingListener::on_start(std::int64_t how_many, const ImportCounts& counts) {
  to_do = how_many;
  list = counts;
}
void RecordingListener::on_signed_in(const std::string& who) {
  signed_in.push_back(who);
}

void RecordingListener::on_tenant(const ListedTenant& tenant, State state, const std::string& /*detail*/) {
  tenants.emplace_back(tenant.tenant_id.text(), state);
}
void RecordingListener::on_turn_over(std::int64_t how_many) {
  done = how_many;
}
void RecordingListener::on_pause(const std::string& why, milliseconds how_long) {
  pauses.push_back({why, how_long});
}
void RecordingListener::on_quota(double per_minute) {
  quotas.push_back(per_minute);
}
void RecordingListener::on_stop(const std::string& why) {
  stops.push_back(why);
}

Night::Night(simulator::World world) : service(std::move(world)) {
  job.name = "night";
  job.ledger = folder() / "night.db";
  job.partner_center.base_url = k_service_address;
  job.partner_center.login_url = k_service_address;
  job.partner_center.tenant = "partner.example";
  job.partner_center.client_id = "00000000-0000-4000-8000-00000000c11e";
  job.partner_center.refresh_token_file = folder() / "refresh-token";
  std::ofstream(job.partner_center.refresh_token_file) << k_refresh_token;
  for (const auto& customer : service.world().customers) {
    list.push_back({Guid::parse(customer.id).value(), "", "", ""});
  }
}

/// As the program does: a list that has not changed is not taken over again.
ImportCounts Night::begin_run(Ledger& ledger, const RunStart& start) const {
  std::string digest;
  for (const auto& tenant : list)
    digest +=
        fmt::format("{},{},{},{};", tenant.tenant_id.text(), tenant.company_name, tenant.domain, tenant.note);
  if (ledger.list_record().digest == digest) return ledger.begin_run_with_same_list(start, job.policy.failed);
  return ledger.begin_run(start, ListedInMemory(list), job.policy.failed, {digest, {}});
}

RunOutcome Night::run(Mode mode) {
  Process process{service.log().size(), job.policy.recheck_after, {}};
  for (const auto& tenant : list) process.listed.emplace(tenant.tenant_id.text(), tenant.company_name);
  circumstances_.processes.push_back(std::move(process));
  if (clock.wrong_by() > clock_was_wrong_by_) circumstances_.clock_ran_ahead = true;
  clock_was_wrong_by_ = clock.wrong_by();
  stop_ = std::make_unique<StopRequest>();
  listener = {};
  Random random(seed * 1000 + circumstances_.processes.size());
  const Client client(job.partner_center, job.retry, clock);
  auto carrier = carrier_to(service, client, clock);
  if (on_the_way) carrier = [this, inner = carrier](const Ask& ask) { return on_the_way(ask, inner); };
  workers_ = std::make_unique<SimulatedWorkers>(plan, clock, carrier, sent);
  try {
    Ledger ledger(job.ledger);
    const RunStart start{random.guid(), mode == Mode::check ? "check" : "run", clock.utc(), "0", "user",
                         "host"};
    const auto counts = begin_run(ledger, start);
    Runner runner(job, mode, {ledger, *workers_, clock, random, listener, *stop_, list_worth_from});
    auto outcome = runner.run(counts);
    if (workers_->has_lost_answers()) circumstances_.answers_were_lost = true;
    return outcome;
  } catch (...) {
    circumstances_.answers_were_lost = true;
    workers_->perish();
    throw;
  }
}

void Night::ask_to_stop() {
  stop_->ask();
  workers_->wake();
}

bool Night::run_dies() {
  try {
    run();
  } catch (const Crash&) {
    return true;
  }
  return false;
}

TenantRow Night::row(int n) const {
  TenantRow found;
  const LedgerReader reader(job.ledger);
  reader.for_each_tenant([&](const TenantRow& row) {
    if (row.tenant_id == id_of(n)) found = row;
  });
  return found;
}

std::map<std::string, std::string> Night::states() const {
  std::map<std::string, std::string> states;
  const LedgerReader reader(job.ledger);
  reader.for_each_tenant([&](const TenantRow& row) { states[row.tenant_id] = row.state; });
  return states;
}

std::vector<HistoryRow> Night::history(int n) const {
  std::vector<HistoryRow> rows;
  const LedgerReader reader(job.ledger);
  reader.for_each_history([&](const HistoryRow& row) {
    if (row.tenant_id == id_of(n)) rows.push_back(row);
  });
  return rows;
}

std::string Night::journey(int n) const {
  std::string text;
  for (const auto& row : history(n)) text += (text.empty() ? "" : ", ") + row.to_state;
  return text;
}

std::vector<RunRow> Night::runs() const {
  std::vector<RunRow> rows;
  const LedgerReader reader(job.ledger);
  reader.for_each_run([&](const RunRow& row) { rows.push_back(row); });
  return rows;
}

std::string Night::trouble_with_history() const {
  return fmt::format("{}", fmt::join(LedgerReader(job.ledger).verify(), "\n"));
}

std::vector<simulator::LogEntry> Night::log(int n, simulator::Kind kind) const {
  std::vector<simulator::LogEntry> entries;
  for (const auto& entry : service.log()) {
    if (entry.kind == kind && entry.customer == id_of(n)) entries.push_back(entry);
  }
  return entries;
}

int Night::count(simulator::Kind kind) const {
  return static_cast<int>(std::count_if(service.log().begin(), service.log().end(),
                                        [&](const auto& entry) { return entry.kind == kind; }));
}

int Night::count(simulator::Effect effect) const {
  return static_cast<int>(std::count_if(service.log().begin(), service.log().end(),
                                        [&](const auto& entry) { return entry.has(effect); }));
}

std::string Night::broken_promises() const {
  return fmt::format("{}", fmt::join(test::broken_promises(service.log(), circumstances_), "\n"));
}

std::string Night::stored_refresh_token() const {
  return content_of(job.partner_center.refresh_token_file);
}

}  // namespace offboard::test
