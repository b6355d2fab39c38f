#include "intake/job_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "intake/limits.hpp"

namespace offboard {
namespace {

struct SectionKeys {
  JobSection section;
  std::string_view name;
  std::vector<std::string_view> keys;
};

const std::array<SectionKeys, 9>& all_sections() {
  static const std::array<SectionKeys, 9> k_sections = {{
      {JobSection::top,
       "",
       {"name", "tenants", "ledger", "partner_center", "workers", "policy", "retry", "rate", "report"}},
      {JobSection::partner_center,
       "partner_center",
       {"cloud", "base_url", "login_url", "ca_file", "tenant", "client_id", "client_secret",
        "client_certificate", "refresh_token"}},
      {JobSection::client_secret, "partner_center.client_secret", {"env", "file", "command"}},
      {JobSection::client_certificate, "partner_center.client_certificate", {"file", "key"}},
      {JobSection::refresh_token, "partner_center.refresh_token", {"file"}},
      {JobSection::policy,
       "policy",
       {"recheck_after", "software", "max_patches", "deadline", "retry_failed"}},
      {JobSection::retry, "retry", {"max_attempts", "max_wait", "timeout", "connect_timeout"}},
      {JobSection::rate, "rate", {"per_minute"}},
      {JobSection::report, "report", {"csv", "json", "html"}},
  }};
  return k_sections;
}

const SectionKeys& keys_of(JobSection section) {
  return all_sections()[static_cast<std::size_t>(section)];
}

bool is_about_secrets(JobSection section) {
  return section == JobSection::client_secret || section == JobSection::client_certificate ||
         section == JobSection::refresh_token;
}

/// How many letters must be changed, added or dropped to make one word of the other.
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < one.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < other.size(); ++j) {
      const auto replaced = diagonal + (one[i] == other[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({replaced, row[j] + 1, row[j + 1] + 1}));
    }
  }
  return row.back();
}

/// The key that was probably meant, or nothing if none is near.
std::string_view nearest(std::string_view written, const std::vector<std::string_view>& keys) {
  constexpr std::size_t k_longest_key = 30;
  if (written.size() > k_longest_key) return {};
  auto simple = to_lower(written);
  std::replace(simple.begin(), simple.end(), '-', '_');
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, written.size() / 3) + 1;
  for (const auto key : keys) {
    const auto far = distance(simple, key);
    if (far < best_distance) std::tie(best, best_distance) = std::pair(key, far);
  }
  return best;
}

/// Where a key would be known, if not here.
std::string place_for(std::string_view key) {
  for (const auto& section : all_sections()) {
    if (is_about_secrets(section.section)) continue;
    if (std::find(section.keys.begin(), section.keys.end(), key) == section.keys.end()) continue;
    return section.name.empty() ? "at the top level" : fmt::format("under {}", section.name);
  }
  return {};
}

std::string listing(const std::vector<std::string_view>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

std::string_view full_name_of(JobSection section) {
  return keys_of(section).name;
}

SectionReader::SectionReader(JobSection section, const YamlNode* node, Complaints& complaints)
    : section_(section), complaints_(complaints) {
  if (node == nullptr) return;
  if (node->kind == YamlKind::map) {
    map_ = node;
    check_keys();
    return;
  }
  if (section == JobSection::top) {
    complaints_.add(node->place, fmt::format("a job file must be a map, not {}", description_of(*node)));
    return;
  }
  const auto name = full_name_of(section);
  const auto trouble = node->kind == YamlKind::null
                           ? fmt::format("{} has no value; leave the key out, or write keys below it", name)
                           : fmt::format("{} must be a map, not {}", name, description_of(*node));
  complaints_.add(node->place, trouble);
}

JobValue SectionReader::optional(std::string_view key) const {
  JobValue value{full_name(key), nullptr};
  if (!given()) return value;
  const auto found = std::find_if(map_->entries.begin(), map_->entries.end(),
                                  [&](const YamlEntry& entry) { return entry.key == key; });
  if (found != map_->entries.end()) value.node = &found->value;
  return value;
}

JobValue SectionReader::required(std::string_view key) {
  auto value = optional(key);
  if (given() && !value.given())
    complaints_.add(map_->place, fmt::format("the required key {} is missing", value.name));
  return value;
}

void SectionReader::check_keys() {
  const auto& known = keys_of(section_).keys;
  std::set<std::string_view> seen;
  for (const auto& entry : map_->entries) {
    if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
      complain_about_unknown(entry);
    } else if (!seen.insert(entry.key).second) {
      complaints_.add(entry.key_place, fmt::format("the key {} stands here twice", full_name(entry.key)));
    }
  }
}

void SectionReader::complain_about_unknown(const YamlEntry& entry) {
  const auto& keys = keys_of(section_).keys;
  const auto where =
      section_ == JobSection::top ? std::string() : fmt::format(" in {}", full_name_of(section_));
  const auto meant = nearest(entry.key, keys);
  std::string advice = fmt::format("known are {}", listing(keys));
  if (!meant.empty()) advice = fmt::format("did you mean {}?", meant);
  if (is_about_secrets(section_)) {
    // What stands there may be the secret itself, with braces around it.
    complaints_.add(entry.key_place, fmt::format("unknown key{}; {}", where, advice));
    return;
  }
  if (const auto place = place_for(entry.key); !place.empty())
    advice = fmt::format("{} belongs {}", entry.key, place);
  complaints_.add(entry.key_place, fmt::format("unknown key \"{}\"{}; {}",
                                               one_line(entry.key, limits::k_shown), where, advice));
}

std::string SectionReader::full_name(std::string_view key) const {
  const auto name = full_name_of(section_);
  return name.empty() ? std::string(key) : fmt::format("{}.{}", name, key);
}

}  // namespace offboard
