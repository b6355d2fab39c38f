#include "intake/yaml_list.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "base/guid.hpp"
#include "base/text.hpp"
#include "intake/limits.hpp"
#include "intake/yaml_events.hpp"

namespace offboard {
namespace {

constexpr std::string_view k_shape = "a list of tenants, or a map with the key tenants, is expected here";

class ListVisitor final : public YamlVisitor {
 public:
  ListVisitor(TenantCollector& collector, Complaints& complaints)
      : collector_(collector), complaints_(complaints) {}

  void on_map_start(const Place& place) override {
    if (skipping()) {
      ++skipped_levels_;
    } else if (where_ == Where::top) {
      where_ = Where::top_map;
    } else if (where_ == Where::list) {
      begin_item(place);
    } else {
      refuse_nesting(place);
    }
  }

  void on_map_end() override {
    if (skipping()) {
      --skipped_levels_;
    } else if (where_ == Where::item) {
      end_item();
    } else {
      where_ = Where::end;
    }
  }

  void on_sequence_start(const Place& place) override {
    if (skipping()) {
      ++skipped_levels_;
    } else if (where_ == Where::top || (where_ == Where::top_map && key_is_tenants_)) {
      list_in_map_ = where_ == Where::top_map;
      where_ = Where::list;
    } else {
      refuse_nesting(place);
    }
  }

  void on_sequence_end() override {
    if (skipping()) {
      --skipped_levels_;
    } else {
      where_ = list_in_map_ ? Where::top_map : Where::end;
    }
  }

  void on_key(const Place& place, const std::string& text) override {
    if (skipping()) return;
    if (where_ == Where::top_map) {
      take_top_key(place, text);
    } else {
      take_item_key(place, text);
    }
  }

  void on_scalar(const Place& place, const std::string& text, ScalarStyle /*style*/) override {
    if (skipping() || is_value_of_refused_key()) return;
    if (where_ == Where::list) {
      if (collector_.is_full()) return;
      ListRow row;
      row.place = place;
      row.at(ListColumn::tenant_id) = {text, place};
      collector_.add(row);
    } else if (where_ == Where::item) {
      texts_[index_of(*column_)] = text;
      row_.at(*column_).place = place;
    } else {
      complaints_.add(place, std::string(k_shape));
    }
  }

  void on_null(const Place& place) override {
    if (skipping() || is_value_of_refused_key()) return;
    if (where_ == Where::list) {
      complaints_.add(place, "an item without a tenant");
    } else if (where_ == Where::item) {
      row_.at(*column_).place =
          place;  // an optional text that is not given; a tenant_id is missed at the end
    } else {
      complaints_.add(place, std::string(k_shape));
    }
  }

 private:
  enum class Where { top, top_map, list, item, end };

  [[nodiscard]] bool skipping() const { return skipped_levels_ > 0; }

  /// Its key was complained about, and that is enough.
  [[nodiscard]] bool is_value_of_refused_key() const {
    return (where_ == Where::item && !column_) || (where_ == Where::top_map && !key_is_tenants_);
  }

  void refuse_nesting(const Place& place) {
    ++skipped_levels_;
    if (is_value_of_refused_key()) return;
    if (where_ == Where::item) {
      complaints_.add(place, fmt::format("{} must be a text", name_of(*column_)));
      item_is_sound_ = false;
    } else if (where_ == Where::list) {
      complaints_.add(place, "an item must be a GUID, or a map with the key tenant_id");
    } else {
      complaints_.add(place, std::string(k_shape));
    }
  }

  void begin_item(const Place& place) {
    where_ = Where::item;
    row_ = {};
    row_.place = place;
    for (auto& text : texts_) text.clear();
    first_spelling_ = {};
    item_is_sound_ = true;
  }

  void end_item() {
    where_ = Where::list;
    if (!item_is_sound_ || collector_.is_full()) return;
    if (!first_spelling_[index_of(ListColumn::tenant_id)]) {
      complaints_.add(row_.place, "this item has no tenant_id");
      return;
    }
    for (std::size_t i = 0; i < k_list_columns; ++i) row_.cells[i].text = texts_[i];
    collector_.add(row_);
  }

  void take_top_key(const Place& place, const std::string& text) {
    const bool again = has_tenants_key_;
    key_is_tenants_ = text == "tenants" && !again;
    if (key_is_tenants_) {
      has_tenants_key_ = true;
    } else if (text == "tenants") {
      complaints_.add(place, "the key tenants stands here twice");
    } else {
      complaints_.add(place, fmt::format("unknown key \"{}\"; only tenants is known here", shown(text)));
    }
  }

  void take_item_key(const Place& place, const std::string& text) {
    column_ = list_column_named(text);
    if (!column_) {
      refuse_key(place,
                 Guid::parse("{" + text + "}")
                     ? "a GUID in braces must be put in quotes: to YAML, braces are a map"
                     : fmt::format("unknown key \"{}\"; known are tenant_id, company_name, domain, note",
                                   shown(text)));
      return;
    }
    auto& first = first_spelling_[index_of(*column_)];
    if (first) {
      refuse_key(place, *first == text ? fmt::format("the key {} stands here twice", shown(text))
                                       : fmt::format("the keys \"{}\" and \"{}\" both mean {}", shown(*first),
                                                     shown(text), name_of(*column_)));
      return;
    }
    first = text;
    row_.at(*column_).place = place;
  }

  void refuse_key(const Place& place, std::string message) {
    complaints_.add(place, std::move(message));
    column_.reset();
    item_is_sound_ = false;
  }

  [[nodiscard]] static std::string shown(const std::string& text) { return one_line(text, limits::k_shown); }

  TenantCollector& collector_;
  Complaints& complaints_;

  Where where_ = Where::top;
  std::size_t skipped_levels_ = 0;
  bool list_in_map_ = false;
  bool has_tenants_key_ = false;
  bool key_is_tenants_ = false;

  ListRow row_;
  std::array<std::string, k_list_columns> texts_;
  std::array<std::optional<std::string>, k_list_columns> first_spelling_;
  std::optional<ListColumn> column_;  // of the last key; nothing if that was refused
  bool item_is_sound_ = true;
};

}  // namespace

void read_yaml_list(SourceText& source, TenantCollector& collector, Complaints& complaints) {
  ListVisitor visitor(collector, complaints);
  read_yaml(source, visitor);
}

}  // namespace offboard
