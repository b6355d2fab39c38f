#include "simulator/blocking.hpp"

#include <catch2/catch.hpp>

using namespace offboard::simulator;

namespace {

bool blocks(const std::string& customer, SoftwareEntitlements software = SoftwareEntitlements::block) {
  const World world = parse_world("customers: [{id: c, " + customer + "}]", "world.yaml");
  return !live_blockers(world.customers.front(), software).empty();
}

bool subscription_blocks(const std::string& subscription) {
  return blocks("subscriptions: [{" + subscription + "}]");
}

const std::string k_legacy = "offer_id: 195416c1-3447-423a-b37b-ee59a99a19c4";

}  // namespace

TEST_CASE("ended subscriptions and an empty customer are in nobody's way") {
  CHECK_FALSE(blocks("subscriptions: []"));
  CHECK_FALSE(subscription_blocks("status: deleted"));
  CHECK_FALSE(subscription_blocks("status: Expired"));
  CHECK_FALSE(subscription_blocks("status: disabled, billing_type: benefit"));
}

TEST_CASE("active, pending, unknown and missing statuses are in the way") {
  for (const char* status : {"active", "Active", "pending", "none", "hibernated", "null", "\"\""})
    CHECK(subscription_blocks(k_legacy + ", status: " + status));
  CHECK(subscription_blocks(k_legacy));
}

TEST_CASE("suspending is enough for legacy licences and Azure only") {
  CHECK_FALSE(subscription_blocks(k_legacy + ", status: suspended"));
  CHECK_FALSE(subscription_blocks("offer_id: MS-AZR-0145P, status: suspended"));
  CHECK_FALSE(subscription_blocks("offer_id: 'DZH318Z0BPS6:0001:X', status: suspended, product_type: Azure"));
  CHECK_FALSE(subscription_blocks("billing_type: usage, status: suspended"));
  CHECK(subscription_blocks(k_legacy + ", status: suspended, product_type: OnlineServicesNCE"));
  CHECK(subscription_blocks("offer_id: 'CFQ7TTC0LH18:0001:X', status: suspended"));
  CHECK(subscription_blocks("status: suspended"));
  CHECK(subscription_blocks(k_legacy + ", status: suspended, unit_type: Benefit"));
}

TEST_CASE("every entitlement is in the way, software only if the world says so") {
  for (const char* type : {"reservedinstance", "VirtualMachineReservedInstance", "software", "odd", "null"})
    CHECK(blocks(std::string("entitlements: [{type: ") + type + "}]"));
  CHECK_FALSE(blocks("entitlements: [{type: Software}]", SoftwareEntitlements::do_not_block));
}

TEST_CASE("what was announced and not delivered is in the way") {
  CHECK(blocks("announce_extra: 1"));
  CHECK(blocks("announce_extra_entitlements: 1"));
}
