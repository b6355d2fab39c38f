#pragma once
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "simulator/message.hpp"

namespace offboard::simulator {

/// What a request asks for.
enum class Kind {
  token,
  device_code,
  customers,  // the list of them
  customer,
  subscriptions,
  entitlements,
  patch,
  purge,  // DELETE on a customer: another operation at the address of the PATCH
  relationshiprequests,
  other
};

inline constexpr std::array<std::pair<std::string_view, Kind>, 10> k_kinds{{
    {"token", Kind::token},
    {"device_code", Kind::device_code},
    {"customers", Kind::customers},
    {"customer", Kind::customer},
    {"subscriptions", Kind::subscriptions},
    {"entitlements", Kind::entitlements},
    {"patch", Kind::patch},
    {"purge", Kind::purge},
    {"relationshiprequests", Kind::relationshiprequests},
    {"other", Kind::other},
}};

[[nodiscard]] std::string_view name_of(Kind kind);

/// A request, understood.
struct Call {
  Kind kind = Kind::other;
  std::string method;
  std::string target;
  std::string path;
  std::string query;
  std::string tenant;    // of a sign-in
  std::string customer;  // in lower case; empty if the address names none
  std::string request_id;
  std::string correlation_id;
};

/// Addresses are taken strictly: without `/v1`, or with an empty segment, they are `other`. One trailing
/// slash is taken, as the service's documents print it.
[[nodiscard]] Call understand(const Request& request);

/// Whether it goes to the sign-in service, which knows neither access tokens nor throttles.
[[nodiscard]] bool is_sign_in(Kind kind);

}  // namespace offboard::simulator
