#include "simulator/patch_body.hpp"

#include "base/text.hpp"

#include "simulator/json_fields.hpp"

namespace offboard::simulator {
namespace {

/// Null for a key that is absent.
Json value_of(const Json& object, std::string_view key) {
  for (const auto& [name, value] : object.items()) {
    if (equal_ignoring_case(name, key)) return value;
  }
  return nullptr;
}

bool is_json(const Request& request) {
  return contains_ignoring_case(request.headers.find("Content-Type").value_or(""), "json");
}

}  // namespace

PatchIntent intent_of(const Request& request) {
  const Json body = is_json(request) ? Json::parse(request.body, nullptr, false) : Json();
  if (!body.is_object()) return PatchIntent::not_understood;
  const Json relationship = value_of(body, "relationshipToPartner");
  const Json access = value_of(body, "allowDelegatedAccess");
  if (relationship.is_null() && access.is_boolean()) return PatchIntent::change_delegated_access;
  const bool none = relationship.is_string() && equal_ignoring_case(relationship.get<std::string>(), "none");
  return none && access.is_null() ? PatchIntent::remove : PatchIntent::not_understood;
}

}  // namespace offboard::simulator
