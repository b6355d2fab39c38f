#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"

namespace offboard {

/// Where a secret is found; never the secret itself.
struct FromEnvironment {
  std::string variable;
};
struct FromFile {
  std::filesystem::path path;
};
struct FromCommand {
  std::vector<std::string> command;  // program and arguments, no shell
};
using SecretSource = std::variant<FromEnvironment, FromFile, FromCommand>;

/// What an application proves itself with instead of a secret; PEM.
struct ClientCertificate {
  std::filesystem::path file;
  std::filesystem::path key;  // its private key; may be the same file
};

struct PartnerCenterSettings {
  std::string base_url = "https://api.partnercenter.microsoft.com";  // no slash at the end
  std::string login_url = "https://login.microsoftonline.com";       // no slash at the end
  std::string tenant;                                                // the partner's own: GUID or domain
  std::string client_id;
  std::optional<SecretSource> client_secret;            // this,
  std::optional<ClientCertificate> client_certificate;  // or this; neither for a public client
  std::filesystem::path refresh_token_file;
  std::filesystem::path ca_file;  // PEM: the only authorities that count; empty: the system's
};

enum class SoftwarePolicy { block, ignore };
enum class FailedTenants { leave, retry };

struct Policy {
  milliseconds recheck_after =
      std::chrono::minutes(10);  // facts older than this are read again before a PATCH
  SoftwarePolicy software = SoftwarePolicy::block;
  std::optional<int> max_patches;        // tenants whose PATCH is begun, per run; none: no limit
  std::optional<milliseconds> deadline;  // from the run's start; none: no deadline
  FailedTenants failed = FailedTenants::leave;
};

struct RetrySettings {
  int max_attempts = 6;                             // per request; a 429 uses none up
  milliseconds max_wait = std::chrono::minutes(5);  // longest single wait
  milliseconds timeout = std::chrono::minutes(3);   // whole request
  milliseconds connect_timeout = seconds(10);
};

struct RateSettings {
  std::optional<int> per_minute;  // requests to the API, never more; none: what the service bears
};

struct ReportTargets {  // may hold {date} and {run}; empty: not written
  std::string csv;
  std::string json;
  std::string html;
};

/// A job file, read and found sound. Paths are absolute or relative to the working directory, not to the
/// file.
struct Job {
  std::filesystem::path file;
  std::string name;
  std::filesystem::path tenants;
  std::filesystem::path ledger;
  PartnerCenterSettings partner_center;
  int workers = 8;
  Policy policy;
  RetrySettings retry;
  RateSettings rate;
  ReportTargets report;
};

}  // namespace offboard
