#include <cstdint>

#include "list_promises.hpp"

namespace offboard::fuzz {
namespace {

/// Every tenant stands in the file by its own digits: none is made up out of numbers, tags or aliases.
void check_ids_are_written(std::string_view text, const TenantList& tenants) {
  // A quoted text may spell its characters in other ways.
  if (text.find('\\') != std::string_view::npos) return;
  for (const auto& tenant : tenants)
    ensure(contains_ignoring_case(text, tenant.tenant_id.text()), "a listed tenant stands in the file");
}

}  // namespace
}  // namespace offboard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offboard::fuzz;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_list("list.yaml", text, [&](const auto& tenants) { check_ids_are_written(text, tenants); });
  return 0;
}
