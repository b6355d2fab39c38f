#include <catch2/catch.hpp>
#include <set>

#include "base/defect.hpp"
#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Effect;
using simulator::Fault;
using simulator::Kind;

simulator::World ready_world_with(simulator::FaultRule rule, int count = 1) {
  auto world = ready_world(count);
  world.faults.push_back(std::move(rule));
  return world;
}

std::set<std::string> ids_of(const std::vector<simulator::LogEntry>& entries) {
  std::set<std::string> ids;
  for (const auto& entry : entries) ids.insert(entry.request_id);
  return ids;
}

/// The kinds of a customer's requests from the first PATCH on.
std::string requests_from_patch(const Night& night, int n) {
  std::string text;
  for (const auto& entry : night.service.log()) {
    if (entry.customer != id_of(n) || (text.empty() && entry.kind != Kind::patch)) continue;
    text += (text.empty() ? "" : " ") + std::string(simulator::name_of(entry.kind));
  }
  return text;
}

}  // namespace

TEST_CASE("the intent and its request id are on disk before the PATCH is handed out") {
  Night night(ready_world_with(fault_of({Kind::patch, 503, 1, 0, ""}), 3));
  int looked = 0;
  std::vector<std::string> found;
  night.plan.on_hand_out = [&](const Errand& errand) {
    if (errand.ask.what != What::removal) return;
    ++looked;
    // Another connection sees what is committed and nothing else.
    const LedgerReader reader(night.job.ledger);
    reader.for_each_tenant([&](const TenantRow& row) {
      if (row.tenant_id != errand.ask.tenant.text()) return;
      if (row.state == "patching" && row.request_id == errand.ask.request_id.text() &&
          row.correlation_id == errand.ask.correlation_id.text())
        found.push_back(row.request_id);
    });
  };
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(looked == 6);
  CHECK(found.size() == 6);
}

TEST_CASE("the PATCH that is handed out is counted on disk before it leaves") {
  Night night(ready_world(1));
  std::int64_t attempts = -1;
  night.plan.on_hand_out = [&](const Errand& errand) {
    if (errand.ask.what == What::removal) attempts = night.row(1).attempts;
  };
  static_cast<void>(night.run());
  CHECK(attempts == 1);
}

TEST_CASE(
    "an unanswered PATCH that did nothing is repeated with the same id after the customer was read back") {
  for (const auto fault : {Fault::reset_before, Fault::stall, Fault::html_502, Fault::no_none}) {
    Night night(ready_world_with(fault_of(Kind::patch, fault, 2)));
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(requests_from_patch(night, 1) == "patch customer patch customer patch");
    CHECK(ids_of(night.log(1, Kind::patch)).size() == 1);
    CHECK(night.row(1).attempts == 3);
    CHECK(night.history(1).back().reason == "confirmed");
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE("an unanswered PATCH that had worked is not repeated: the read-back settles it") {
  for (const auto fault :
       {Fault::reset_after, Fault::truncate, Fault::truncate_without_length, Fault::garbage,
        Fault::close_in_headers, Fault::empty_200, Fault::wrong_type, Fault::deep_json}) {
    for (const auto manner : {simulator::AfterRemoval::forbidden, simulator::AfterRemoval::none_answer}) {
      auto world = ready_world_with(fault_of(Kind::patch, fault, 1));
      world.after_removal = manner;
      Night night(std::move(world));
      CHECK(exit_code_of(night.run()) == 0);
      CHECK(requests_from_patch(night, 1) == "patch customer");
      CHECK(night.row(1).attempts == 1);
      CHECK(night.history(1).back().reason == "read-back");
      CHECK(night.broken_promises() == k_nothing);
    }
  }
}

TEST_CASE("where reads lag behind, a PATCH that had worked is repeated with its id and does nothing twice") {
  auto world = ready_world_with(fault_of(Kind::patch, Fault::reset_after, 1));
  world.removal_lag = std::chrono::minutes(5);
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(requests_from_patch(night, 1) == "patch customer patch");
  CHECK(night.count(Effect::removed) == 1);
  CHECK(night.count(Effect::replay) == 1);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("the error for no relationship, as an answer to the PATCH, is settled by reading back") {
  auto rule = fault_of({Kind::patch, 400, 1, 0, ""});
  rule.code = "3000";
  rule.description = "The relationship between the partner and customer does not exist";
  rule.effect = simulator::FaultEffect::before;
  Night night(ready_world_with(rule));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(requests_from_patch(night, 1) == "patch customer");
  CHECK(night.history(1).back().reason == "read-back");
}

TEST_CASE("a refused PATCH fails its tenant at once and is not repeated") {
  auto rule = fault_of({Kind::patch, 400, 1, 0, ""});
  rule.code = "600050";
  rule.description = "Customer relationship cannot be removed.";
  Night night(ready_world_with(rule, 2));
  CHECK(exit_code_of(night.run()) == 4);
  CHECK(night.count(Kind::patch) == 2);
  CHECK(night.journey(1) == "pending, checked, ready, patching, failed");
  CHECK(night.row(1).error_code == "600050");
  CHECK(night.row(1).http_status == 400);
}

TEST_CASE("a redirected PATCH is not followed and fails its tenant") {
  auto rule = fault_of(Kind::patch, Fault::redirect, 1);
  rule.status = 307;
  Night night(ready_world_with(rule));
  CHECK(exit_code_of(night.run()) == 4);
  CHECK(requests_from_patch(night, 1) == "patch");
}

TEST_CASE("a removal asked for again after a definite refusal is a new one, with an id of its own") {
  Night night(ready_world_with(fault_of({Kind::patch, 400, 1, 0, ""})));
  CHECK(exit_code_of(night.run()) == 4);
  night.job.policy.failed = FailedTenants::retry;
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(ids_of(night.log(1, Kind::patch)).size() == 2);
  CHECK(night.row(1).attempts == 2);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE(
    "a PATCH that never gets an answer is sent max_attempts times, then its tenant is left with its error") {
  Night night(ready_world_with(fault_of({Kind::patch, 503, 0, 0, ""})));
  night.job.retry.max_attempts = 3;
  const auto outcome = night.run();
  CHECK(exit_code_of(outcome) == 5);
  CHECK(outcome.left == 1);
  CHECK(night.count(Kind::patch) == 3);
  const auto row = night.row(1);
  CHECK(row.state == "patching");
  CHECK(row.attempts == 3);
  // "keeps its state and its last error"
  CHECK(row.http_status == 503);
  CHECK(row.error_code == "503");
  CHECK(row.request_id == night.log(1, Kind::patch).front().request_id);
}

TEST_CASE("a removal that a read-back confirms is reported under the ids of its PATCH") {
  Night night(ready_world_with(fault_of(Kind::patch, Fault::reset_after, 1)));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.state(1) == "patched");
  CHECK(night.row(1).detail == "read-back");
  REQUIRE(night.log(1, Kind::patch).size() == 1);
  CHECK(night.row(1).request_id == night.log(1, Kind::patch).front().request_id);
  CHECK(night.row(1).correlation_id == night.log(1, Kind::patch).front().correlation_id);
}

TEST_CASE("the next run takes up a PATCH that ran out of attempts, with the same id") {
  Night night(ready_world_with(fault_of({Kind::patch, 503, 4, 0, ""})));
  night.job.retry.max_attempts = 3;
  CHECK(exit_code_of(night.run()) == 5);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(ids_of(night.log(1, Kind::patch)).size() == 1);
  CHECK(night.row(1).attempts == 5);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a read that runs out of attempts leaves its tenant with its state and its last error") {
  Night night(ready_world_with(fault_of({Kind::entitlements, 500, 0, 1, ""}), 2));
  const auto outcome = night.run();
  CHECK(outcome.ending == Ending::incomplete);
  CHECK(exit_code_of(outcome) == 5);
  CHECK(outcome.left == 1);
  CHECK(night.log(1, Kind::entitlements).size() == 6);
  CHECK(night.state(1) == "pending");
  CHECK(night.row(1).http_status == 500);
  CHECK(night.state(2) == "patched");
}

TEST_CASE("a read whose answer is cut, garbled, empty or of the wrong shape is tried again like a 5xx") {
  for (const auto kind : {Kind::customer, Kind::subscriptions, Kind::entitlements}) {
    for (const auto fault :
         {Fault::truncate, Fault::truncate_without_length, Fault::garbage, Fault::empty_200,
          Fault::wrong_type, Fault::deep_json, Fault::stall, Fault::html_502}) {
      Night night(ready_world_with(fault_of(kind, fault, 2)));
      CHECK(exit_code_of(night.run()) == 0);
      CHECK(night.log(1, kind).size() >= 3);
    }
  }
}

TEST_CASE(
    "a no whose words were cut off is asked for again, because it may have said that there is no "
    "relationship") {
  auto world = world_of({already_removed(1)});
  world.faults.push_back(fault_of(Kind::customer, Fault::truncate_without_length, 1));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.state(1) == "patched");
}

TEST_CASE("attempts are as many as the PATCHes that the service received, whatever it answered") {
  auto world = ready_world(4);
  world.faults.push_back(fault_of({Kind::patch, 503, 2, 1, ""}));
  world.faults.push_back(fault_of({Kind::patch, 429, 3, 2, "2"}));
  world.faults.push_back(fault_of({Kind::patch, 401, 1, 3, ""}));
  Night night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  for (int n = 1; n <= 4; ++n) {
    CHECK(night.row(n).attempts == static_cast<std::int64_t>(night.log(n, Kind::patch).size()));
  }
  CHECK(night.broken_promises() == k_nothing);
}

}  // namespace offboard::test
