#include "report/json.hpp"

#include <nlohmann/json.hpp>

namespace offboard::table {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(std::monostate /*nothing*/) {
  return nullptr;
}

template <typename Value>
Json json_of(const Value& value) {
  return value;
}

std::string object_of(std::span<const Cell> cells) {
  auto object = Json::object();
  for (const auto& cell : cells) {
    object[std::string(cell.head.name)] =
        std::visit([](const auto& value) { return json_of(value); }, cell.value);
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class JsonWriter final : public Writer {
 public:
  explicit JsonWriter(const Sink& sink) : sink_(sink) {}

  void begin(std::span<const Head> /*heads*/) override { sink_("["); }

  void row(std::span<const Cell> cells) override {
    sink_((any_ ? ",\n" : "\n") + object_of(cells));
    any_ = true;
  }

  void end() override { sink_(any_ ? "\n]\n" : "]\n"); }

 private:
  const Sink& sink_;
  bool any_ = false;
};

}  // namespace

std::unique_ptr<Writer> json_writer(const Sink& sink) {
  return std::make_unique<JsonWriter>(sink);
}

}  // namespace offboard::table
