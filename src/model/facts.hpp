#pragma once
#include <string>
#include <vector>

namespace offboard {

/// What the service says about a customer. Every text is the service's own; empty means that it was missing.

struct Customer {
  std::string company_name;
  std::string domain;                       // companyProfile.domain, the *.onmicrosoft.com one
  std::vector<std::string> custom_domains;  // may be absent without delegated access
  std::string relationship_to_partner;

  friend bool operator==(const Customer&, const Customer&) = default;
};

struct Subscription {
  std::string id;
  std::string offer_id;
  std::string offer_name;
  std::string friendly_name;
  std::string status;
  std::string billing_type;
  std::string unit_type;
  std::string product_type;  // productType.id; only modern subscriptions have it
};

struct Entitlement {
  std::string type;
  std::string order_id;  // referenceOrder.id
  std::string product_id;
  std::string sku_id;
  std::string reservation_type;
  std::vector<Entitlement> included = {};  // includedEntitlements: what came with it
};

enum class Completeness { complete, incomplete };

/// A whole collection as it was delivered, all pages.
template <typename Item>
struct Collection {
  std::vector<Item> items;
  Completeness completeness = Completeness::complete;
  std::string shortfall;  // what is missing, in words; empty when complete
};

/// Everything a decision rests on.
struct Facts {
  Customer customer;
  Collection<Subscription> subscriptions;
  Collection<Entitlement> entitlements;
};

}  // namespace offboard
