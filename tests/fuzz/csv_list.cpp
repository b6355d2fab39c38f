#include <algorithm>
#include <cstdint>

#include "list_promises.hpp"
#include "strict_csv.hpp"

namespace offboard::fuzz {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

bool means_tenant_id(std::string_view header) {
  std::string bare = to_lower(trim(header));
  bare.erase(
      std::remove_if(bare.begin(), bare.end(), [](char c) { return c == ' ' || c == '-' || c == '_'; }),
      bare.end());
  return bare == "tenantid" || bare == "microsoftid" || bare == "customertenantid" || bare == "customerid";
}

bool is_blank(const std::vector<std::string>& record) {
  return record.size() == 1 && trim(record[0]).empty();
}

/// A second reader finds the same tenants in the same order.
void check_against_strict_reader(std::string_view text, const TenantList& tenants) {
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
  auto records = strict_csv(text);
  ensure(records.has_value(), "an accepted list is RFC 4180");
  records->erase(std::remove_if(records->begin(), records->end(), is_blank), records->end());
  const auto& header = records->front();
  const auto column = std::find_if(header.begin(), header.end(), means_tenant_id) - header.begin();
  std::vector<std::string> ids;
  for (auto record = records->begin() + 1; record != records->end(); ++record) {
    ensure(record->size() == header.size(), "an accepted list has no ragged row");
    const auto id = Guid::parse(trim((*record)[static_cast<std::size_t>(column)]));
    ensure(id.has_value(), "each row of an accepted list has a GUID");
    if (std::find(ids.begin(), ids.end(), id->text()) == ids.end()) ids.push_back(id->text());
  }
  ensure(std::equal(ids.begin(), ids.end(), tenants.begin(), tenants.end(),
                    [](const auto& id, const auto& tenant) { return id == tenant.tenant_id.text(); }),
         "no tenant is lost or made up, and their order is the file's");
}

}  // namespace
}  // namespace offboard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offboard::fuzz;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_list("list.csv", text, [&](const auto& tenants) { check_against_strict_reader(text, tenants); });
  return 0;
}
