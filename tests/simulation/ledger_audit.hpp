#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/tenant.hpp"
#include "simulator/log.hpp"

namespace offboard::test {

/// Looks at a ledger after every night and remembers what it saw, so that it notices what is missing later.
class LedgerAudit {
 public:
  /// What is wrong with it, as sentences. `tonight`: the list that the last process was given. `log`: the
  /// service's own, of the whole story.
  [[nodiscard]] std::vector<std::string> look(const std::filesystem::path& ledger, const TenantList& tonight,
                                              const std::vector<simulator::LogEntry>& log);

  /// By tenant id, as of the last look; of listed tenants.
  [[nodiscard]] const std::map<std::string, std::string>& states() const { return states_; }
  /// As the last run that is on record took it over.
  [[nodiscard]] const TenantList& list() const { return list_; }

 private:
  std::map<std::string, std::string> states_;
  std::map<std::int64_t, std::string> hashes_;  // of every history row seen
  std::size_t runs_ = 0;
  TenantList list_;
};

/// Where a report in CSV says something else than the ledger's own table, as sentences. Reads both without
/// any code of the program.
[[nodiscard]] std::vector<std::string> report_differs(const std::filesystem::path& ledger);

/// Every one of these texts that stands anywhere in the files of a folder.
[[nodiscard]] std::vector<std::string> leaked(const std::filesystem::path& folder, const std::string& except,
                                              const std::vector<std::string>& secrets);

}  // namespace offboard::test
