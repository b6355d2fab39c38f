#include "facts_for_tests.hpp"

namespace offboard::test {
namespace {

Entitlement of_type(const std::string& type) {
  auto entitlement = reservation();
  entitlement.type = type;
  return entitlement;
}

}  // namespace

TEST_CASE("a reservation blocks in its old and its new spelling, whatever the software policy") {
  for (const auto policy : {SoftwarePolicy::block, SoftwarePolicy::ignore}) {
    for (const std::string type :
         {"reservedinstance", "reservedInstance", "ReservedInstance", "RESERVEDINSTANCE",
          "virtualmachinereservedinstance", "VirtualMachineReservedInstance"}) {
      INFO(type);
      CHECK(outcome_of(of_type(type), policy) == "reserved-instance");
    }
  }
}

TEST_CASE("software blocks, unless the policy ignores it") {
  for (const std::string type : {"software", "Software", "SOFTWARE"}) {
    INFO(type);
    CHECK(outcome_of(of_type(type), SoftwarePolicy::block) == "software");
    CHECK(outcome_of(of_type(type), SoftwarePolicy::ignore) == "ready");
  }
}

TEST_CASE("a type that is unknown or missing blocks, whatever the software policy") {
  for (const auto policy : {SoftwarePolicy::block, SoftwarePolicy::ignore}) {
    for (const std::string type :
         {"", " ", "none", "savingsplan", "software ", " software", "softwares", "reservedinstances",
          "reserved_instance", "sqlreservedinstance", "virtual machine reserved instance", "azure"}) {
      INFO("\"" << type << "\"");
      CHECK(outcome_of(of_type(type), policy) == "unrecognized");
    }
  }
}

TEST_CASE("a blocking entitlement is known by its order, else by its product, and is described") {
  auto facts = nothing_there();
  facts.entitlements.items = {reservation(), reservation(), Entitlement{}};
  facts.entitlements.items[1].order_id = "";
  const auto found = blockers(listed(), facts);
  REQUIRE(found.size() == 3);
  CHECK(found[0].object_id == "order-1");
  for (const std::string part : {"DZH318Z0BQ3W", "007J", "virtualmachines", "order-1"})
    CHECK_THAT(found[0].object_name, Catch::Contains(part));
  CHECK(found[0].object_status == "reservedinstance");
  CHECK(found[1].object_id == "DZH318Z0BQ3W");
  CHECK(found[2].object_id.empty());
  CHECK_FALSE(found[2].object_name.empty());
}

}  // namespace offboard::test
