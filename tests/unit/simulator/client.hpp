#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "simulator/partner_center.hpp"

namespace offboard::simulator {

inline constexpr const char* k_first = "a0000001-0000-4000-8000-000000000001";
inline constexpr const char* k_second = "a0000002-0000-4000-8000-000000000002";
inline constexpr const char* k_removal =
    R"({"relationshipToPartner":"none","attributes":{"objectType":"Customer"}})";

/// A service made from a few lines of YAML, with a client that is signed in and a clock that the test moves.
class Client {
 public:
  explicit Client(const std::string& world);

  [[nodiscard]] Reply send(const Request& request);
  /// With the access token.
  [[nodiscard]] Reply get(const std::string& target, const Headers& more = {});
  [[nodiscard]] Reply patch(const std::string& customer, const std::string& request_id,
                            const std::string& body = k_removal);
  [[nodiscard]] Reply customer(const std::string& id) { return get("/v1/customers/" + id); }
  [[nodiscard]] Reply subscriptions(const std::string& id) {
    return get("/v1/customers/" + id + "/subscriptions");
  }
  [[nodiscard]] Reply sign_in(const std::string& refresh_token);
  void pass(milliseconds time) { now += time; }
  [[nodiscard]] const LogEntry& last() const { return service.log().back(); }
  [[nodiscard]] int count(Effect effect) const;

  PartnerCenter service;
  UtcTime now;
  std::string access_token;
};

/// The body without a byte order mark, read as JSON.
[[nodiscard]] nlohmann::json body_of(const Reply& reply);

}  // namespace offboard::simulator
