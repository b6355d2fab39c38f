#include "intake/list_columns.hpp"

#include <string>

#include "base/text.hpp"

namespace offboard {
namespace {

struct Spelling {
  std::string_view bare;  // lower case, without spaces, - and _
  ListColumn column;
};

constexpr std::array k_spellings = {
    Spelling{"tenantid", ListColumn::tenant_id},
    Spelling{"microsoftid", ListColumn::tenant_id},
    Spelling{"customertenantid", ListColumn::tenant_id},
    Spelling{"customerid", ListColumn::tenant_id},
    Spelling{"companyname", ListColumn::company_name},
    Spelling{"domain", ListColumn::domain},
    Spelling{"primarydomainname", ListColumn::domain},
    Spelling{"note", ListColumn::note},
    Spelling{"ticket", ListColumn::note},
};

std::string bare(std::string_view header) {
  std::string result;
  for (const char c : trim(header)) {
    if (c != ' ' && c != '-' && c != '_') result += c;
  }
  return to_lower(result);
}

}  // namespace

std::optional<ListColumn> list_column_named(std::string_view header) {
  const auto wanted = bare(header);
  for (const auto& spelling : k_spellings) {
    if (spelling.bare == wanted) return spelling.column;
  }
  return std::nullopt;
}

}  // namespace offboard
