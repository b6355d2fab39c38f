#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "night.hpp"

namespace offboard::test {
namespace {

using simulator::Kind;

simulator::CustomerListing pages_of(std::size_t size) {
  simulator::CustomerListing listing;
  listing.most_on_a_page = size;
  return listing;
}

/// A night of one worker, so that what is asked is the same every time; 25 tenants are worth the list to it.
class ListNight : public Night {
 public:
  explicit ListNight(simulator::World world) : Night(std::move(world)) {
    plan.size = 1;
    list_worth_from = 25;
  }

  /// Requests about the customers other than sign-ins: "list, by id, subscriptions, entitlements, PATCH".
  [[nodiscard]] std::string counts() const {
    return fmt::format("{} {} {} {} {}", count(Kind::customers), count(Kind::customer),
                       count(Kind::subscriptions), count(Kind::entitlements), count(Kind::patch));
  }
};

simulator::World thirty() {
  return ready_world(30);
}

}  // namespace

TEST_CASE("thirty tenants on one page of the list are not read one by one, but for the first to be removed") {
  ListNight night(thirty());
  CHECK(exit_code_of(night.run()) == 0);
  // The first removal needs to know what the service thinks of the sign-in, which it was always asked with a
  // customer.
  CHECK(night.counts() == "1 1 30 30 30");
  CHECK(night.broken_promises() == k_nothing);
  CHECK(night.runs().front().requests == static_cast<std::int64_t>(night.service.log().size()));
}

TEST_CASE("a check uses the list too") {
  ListNight night(thirty());
  CHECK(exit_code_of(night.run(Mode::check)) == 0);
  CHECK(night.counts() == "1 0 30 30 0");
}

TEST_CASE("a check of blocked tenants uses the list, and a run, which looks at one side of them, does not") {
  std::vector<simulator::Customer> customers;
  for (int n = 1; n <= 30; ++n) customers.push_back(blocked(n));
  ListNight night(world_of(std::move(customers)));
  CHECK(exit_code_of(night.run(Mode::check)) == 3);
  CHECK(night.counts() == "1 0 30 30 0");
  CHECK(exit_code_of(night.run()) == 3);
  CHECK(night.counts() == "1 0 60 30 0");
  CHECK(exit_code_of(night.run(Mode::check)) == 3);
  CHECK(night.counts() == "2 0 90 60 0");
}

TEST_CASE("the list is not asked for when there are few tenants") {
  ListNight night(ready_world(24));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.counts() == "0 24 24 24 24");
}

TEST_CASE("a service without a list costs one request more, and all else is as ever") {
  auto world = thirty();
  world.listing.offered = false;
  ListNight night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.counts() == "1 30 30 30 30");
  CHECK(night.runs().front().outcome == "completed");
}

TEST_CASE("a list of mostly other people's customers is given up after two pages") {
  std::vector<simulator::Customer> customers;
  for (int n = 1; n <= 100; ++n) customers.push_back(ready(n));
  auto world = world_of(std::move(customers));
  world.listing = pages_of(10);
  ListNight night(std::move(world));
  night.list.erase(night.list.begin(), night.list.begin() + 70);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.counts() == "2 30 30 30 30");
}

TEST_CASE("tenants are worked at page by page, so that what the list said is young when they are removed") {
  auto world = thirty();
  world.listing = pages_of(5);
  ListNight night(std::move(world));
  night.plan.longest_way = night.plan.shortest_way = seconds(1);
  night.job.policy.recheck_after = seconds(90);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.counts() == "6 1 30 30 30");
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a customer that the list showed too long ago is read by itself just before the removal") {
  ListNight night(thirty());
  night.plan.longest_way = night.plan.shortest_way = seconds(1);
  night.job.policy.recheck_after = seconds(60);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::customers) == 1);
  CHECK(night.count(Kind::customer) > 15);
  CHECK(night.count(Kind::subscriptions) == 30);
  CHECK(night.count(Kind::entitlements) == 30);
  CHECK(night.count(Kind::patch) == 30);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("what a page of the list says is as old as the question for it, however long the answer took") {
  ListNight night(thirty());
  night.plan.one_way = [](const Ask& ask) { return ask.what == What::customers ? seconds(5) : seconds(1); };
  night.job.policy.recheck_after = seconds(14);
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::customers) == 1);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("whoever is not on the list is asked for, and neither unknown nor gone for that") {
  ListNight night(thirty());
  night.list.push_back({guid_of(99), "", "", ""});
  night.on_the_way = [&](const Ask& ask, const Carrier& to_service) {
    auto carried = to_service(ask);
    if (auto* page = std::get_if<CustomerPage>(&carried.reply.content))
      std::erase_if(page->items, [](const auto& item) { return item.tenant == guid_of(7); });
    return carried;
  };
  CHECK(exit_code_of(night.run()) == 4);
  CHECK(night.log(7, Kind::customer).size() == 1);
  CHECK(night.state(7) == "patched");
  CHECK(night.journey(99) == "pending, failed");
  CHECK(night.row(99).http_status == 404);
}

TEST_CASE("whoever is not on the list as expected is read by itself before anything is said") {
  auto world = thirty();
  world.customers[1].custom_domains = {"own.example"};
  world.customers[2].relationship = given("advisor");
  world.customers[3].relationship = given("none");
  ListNight night(std::move(world));
  night.list[0].company_name = "Somebody else";
  night.list[1].domain = "own.example";
  night.list[4].company_name = "customer 5 ";
  CHECK(exit_code_of(night.run()) == 3);
  for (const int n : {1, 2, 3, 4}) CHECK(night.log(n, Kind::customer).size() == 1);
  CHECK(night.row(1).blockers == "identity-mismatch:company_name");
  CHECK(night.state(2) == "patched");
  CHECK(night.row(3).blockers == "unrecognized:relationshipToPartner");
  CHECK(night.history(4).back().reason == k_reason_already_removed);
  CHECK(night.log(6, Kind::customer).empty());
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a list that does not say what the relationship is settles nothing") {
  auto world = thirty();
  world.listing.names_relationship = false;
  ListNight night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.counts() == "1 30 30 30 30");
}

TEST_CASE("whatever happens to the list, nobody fails by it and the run goes on") {
  using simulator::Fault;
  for (const auto fault : {Fault::status, Fault::reset_before, Fault::truncate, Fault::html_502,
                           Fault::empty_200, Fault::wrong_type, Fault::stall, Fault::redirect}) {
    for (const int status : {500, 403, 401}) {
      CAPTURE(simulator::name_of(fault), status);
      auto world = thirty();
      world.faults.push_back(fault_of(Kind::customers, fault, 0));
      world.faults.back().status = status;
      ListNight night(std::move(world));
      night.plan.size = 4;
      CHECK(exit_code_of(night.run()) == 0);
      CHECK(night.count(Kind::customers) <= 2);
      CHECK(night.broken_promises() == k_nothing);
    }
  }
}

TEST_CASE("a list that asks to wait longer than retry.max_wait keeps nobody from being read") {
  auto world = thirty();
  world.faults.push_back(fault_of({Kind::customers, 429, 1, 0, "600"}));
  ListNight night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.counts() == "1 30 30 30 30");
  CHECK(night.listener.pauses.empty());
  CHECK_FALSE(Ledger(night.job.ledger).service_not_before());
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a throttled list makes everybody wait, and is asked for again afterwards") {
  auto world = thirty();
  world.faults.push_back(fault_of({Kind::customers, 429, 1, 0, "30"}));
  ListNight night(std::move(world));
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.counts() == "2 1 30 30 30");
  CHECK(night.broken_promises() == k_nothing);
  REQUIRE(night.listener.pauses.size() == 1);
  CHECK(night.listener.pauses.front().how_long >= seconds(30));
}

TEST_CASE(
    "a customer that is somebody else by the time the PATCH is due was the right one when it was read") {
  ListNight night(thirty());
  for (auto& tenant : night.list)
    tenant.company_name = "Customer " + std::to_string(&tenant - night.list.data() + 1);
  night.plan.alarms.emplace_back(milliseconds(200), [&] {
    auto world = night.service.world();
    world.customers[25].company_name = given("Renamed");
    world.customers.erase(world.customers.begin() + 20);
    night.service.become(std::move(world));
  });
  CHECK(exit_code_of(night.run()) == 4);
  CHECK(night.state(21) == "failed");
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a list whose pages lead elsewhere or in a circle is not followed, and what stood on it is taken") {
  using simulator::NextLinkForm;
  for (const auto form :
       {NextLinkForm::foreign_host, NextLinkForm::path_of_other_customer, NextLinkForm::loop}) {
    auto world = thirty();
    world.listing = pages_of(20);
    world.next_link_form = form;
    ListNight night(std::move(world));
    CHECK(exit_code_of(night.run()) == 0);
    CHECK(night.count(Kind::customers) <= 2);
    CHECK(night.count(Kind::customer) <= 11);
    CHECK(night.broken_promises() == k_nothing);
  }
}

TEST_CASE("whoever met trouble last time still comes last, though the list shows it first") {
  auto world = thirty();
  world.faults.push_back(fault_of({Kind::subscriptions, 503, 0, 1, ""}));
  ListNight night(world);
  CHECK(exit_code_of(night.run(Mode::check)) == 5);
  world.faults.clear();
  night.service.become(std::move(world));
  night.job.policy.max_patches = 1;
  CHECK(exit_code_of(night.run()) == 5);
  CHECK(night.count(Kind::patch) == 1);
  CHECK(night.log(1, Kind::patch).empty());
}

TEST_CASE("a tenant that is already under way is not taken up a second time from the list") {
  auto world = thirty();
  auto stall = fault_of(Kind::customers, simulator::Fault::drip, 1);
  world.faults.push_back(stall);
  ListNight night(std::move(world));
  night.plan.size = 8;
  night.plan.one_way = [](const Ask& ask) { return ask.what == What::customers ? seconds(8) : seconds(1); };
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::patch) == 30);
  CHECK(night.count(Kind::subscriptions) == 30);
  CHECK(night.broken_promises() == k_nothing);
}

TEST_CASE("a run does not wait for a page of the list that nobody needs any more") {
  ListNight night(thirty());
  night.plan.size = 8;
  night.plan.one_way = [](const Ask& ask) {
    return ask.what == What::customers ? milliseconds(std::chrono::hours(1)) : milliseconds(10);
  };
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.clock.passed() < std::chrono::hours(1));
}

TEST_CASE("a limit on removals leaves the others on the list for the next run") {
  ListNight night(thirty());
  night.job.policy.max_patches = 3;
  const auto outcome = night.run();
  CHECK(exit_code_of(outcome) == 5);
  CHECK(outcome.left == 27);
  CHECK(night.count(Kind::patch) == 3);
  night.job.policy.max_patches.reset();
  CHECK(exit_code_of(night.run()) == 0);
  CHECK(night.count(Kind::patch) == 30);
}

}  // namespace offboard::test
