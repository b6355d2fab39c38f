#pragma once
#include <base/defect.hpp>
#include <base/text.hpp>
#include <functional>
#include <intake/limits.hpp>
#include <intake/tenant_list.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "../unit/listed_in_memory.hpp"
#include "given_file.hpp"

namespace offboard::fuzz {

inline bool is_one_printable_line(std::string_view text) {
  return !text.empty() && !first_invalid_utf8(text) && one_line(text, text.size()) == trim(text);
}

/// How many lines a text can be said to have at most, and how long the longest can be.
struct Extent {
  std::size_t lines = 1;
  std::size_t columns = 1;
};

inline Extent extent_of(std::string_view text) {
  Extent extent;
  std::size_t column = 1;
  for (const char c : text) {
    ++column;
    if (c == '\n' || c == '\r') {
      ++extent.lines;
      column = 1;
    }
    extent.columns = std::max(extent.columns, column);
  }
  return extent;
}

/// A refusal says what is wrong, in one line each, at places that the file has, in their order.
inline void check_refusal(const InvalidInput& refusal, std::string_view text) {
  const auto extent = extent_of(text);
  ensure(!refusal.problems().empty(), "a refusal names a problem");
  ensure(refusal.total() >= refusal.problems().size(), "no problem is left out of the count");
  ensure(refusal.problems().size() <= limits::k_kept_messages, "only so many problems are kept");
  for (const auto& problem : refusal.problems()) {
    ensure(problem.line >= 1 && problem.line <= extent.lines, "a problem is on a line of the file");
    ensure(problem.column >= 1 && problem.column <= extent.columns, "a problem is in a column of its line");
    ensure(is_one_printable_line(problem.message), "a problem is told in one printable line");
  }
}

inline void check_text(std::string_view text, std::size_t limit) {
  ensure(!first_invalid_utf8(text), "a listed text is UTF-8");
  ensure(trim(text) == text, "a listed text is trimmed");
  ensure(text.size() <= limit, "a listed text is not longer than its limit");
  ensure(text.find('\r') == std::string_view::npos, "line ends in a note are line feeds");
}

/// What every later room takes for granted.
inline void check_tenants(const TenantList& tenants) {
  std::set<std::string> seen;
  ensure(!tenants.empty(), "an accepted list has a tenant");
  for (const auto& tenant : tenants) {
    const auto& id = tenant.tenant_id.text();
    ensure(id.size() == 36 && Guid::parse(id) == std::optional(tenant.tenant_id), "a tenant has a GUID");
    ensure(seen.insert(id).second, "a tenant is listed once");
    check_text(tenant.company_name, limits::k_company_name);
    check_text(tenant.domain, limits::k_domain);
    check_text(tenant.note, limits::k_note);
  }
}

inline std::string in_quotes(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + "\"";
}

inline std::string as_csv(const TenantList& tenants) {
  std::string text = "tenant_id,company_name,domain,note\n";
  for (const auto& tenant : tenants) {
    text += in_quotes(tenant.tenant_id.text()) + "," + in_quotes(tenant.company_name) + "," +
            in_quotes(tenant.domain) + "," + in_quotes(tenant.note) + "\n";
  }
  return text;
}

/// JSON is YAML.
inline std::string as_yaml(const TenantList& tenants) {
  auto items = nlohmann::json::array();
  for (const auto& tenant : tenants) {
    items.push_back({{"tenant_id", tenant.tenant_id.text()},
                     {"company_name", tenant.company_name},
                     {"domain", tenant.domain},
                     {"note", tenant.note}});
  }
  return items.dump(1);
}

inline void check_reads_the_same(const char* name, const std::string& text, const TenantList& tenants) {
  const auto again = read_tenant_list(folder().write(name, text));
  ensure(test::whole(*again.tenants) == tenants, "a list written anew reads the same");
  ensure(again.notices.empty(), "a list written anew leaves nothing to remark");
}

/// What came of a reading, whatever it was: the tenants and notices, or the problems.
struct Reading {
  TenantList tenants;
  std::vector<std::string> notices;
  std::optional<InvalidInput> refusal;
};

inline Reading reading_of(const std::filesystem::path& file, Window window = {}) {
  try {
    const auto reading = read_tenant_list(file, "", window);
    return {test::whole(*reading.tenants), reading.notices, std::nullopt};
  } catch (const InvalidInput& refusal) {
    return {{}, {}, refusal};
  }
}

/// A window of whatever size shows the same. Small ones cost time, so one is drawn from the content.
inline void check_any_window(const std::filesystem::path& file, std::string_view text,
                             const Reading& expected) {
  const auto drawn = std::hash<std::string_view>{}(text);
  const auto again = reading_of(file, {1 + drawn % 7, 1 + drawn / 7 % 50});
  ensure(again.tenants == expected.tenants && again.notices == expected.notices,
         "a small window reads the same");
  ensure(again.refusal.has_value() == expected.refusal.has_value(), "a small window refuses the same lists");
  if (expected.refusal)
    ensure(again.refusal->problems() == expected.refusal->problems() &&
               again.refusal->total() == expected.refusal->total(),
           "a small window refuses for the same reasons, at the same places");
}

/// Reads a list of this content. `when_accepted` looks at what only one of the formats promises.
inline void check_list(const char* name, std::string_view text,
                       const std::function<void(const TenantList&)>& when_accepted) {
  const auto file = folder().write(name, text);
  const auto reading = reading_of(file);
  check_any_window(file, text, reading);
  if (reading.refusal) return check_refusal(*reading.refusal, text);
  check_tenants(reading.tenants);
  for (const auto& notice : reading.notices)
    ensure(is_one_printable_line(notice), "a notice is one printable line");
  check_reads_the_same("again.csv", as_csv(reading.tenants), reading.tenants);
  check_reads_the_same("again.yaml", as_yaml(reading.tenants), reading.tenants);
  when_accepted(reading.tenants);
}

}  // namespace offboard::fuzz
