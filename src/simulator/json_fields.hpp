#pragma once
#include <nlohmann/json.hpp>

#include "simulator/world.hpp"

// Internal to this room.

namespace offboard::simulator {

using Json = nlohmann::ordered_json;

/// Absent, null or given, as the world says.
inline void put(Json& object, const char* key, const Field& field) {
  if (field.presence == Field::Presence::null) object[key] = nullptr;
  if (field.given()) object[key] = field.text;
}

}  // namespace offboard::simulator
