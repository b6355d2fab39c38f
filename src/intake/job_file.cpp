#include "intake/job_file.hpp"

#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "base/file.hpp"
#include "base/guid.hpp"
#include "intake/complaints.hpp"
#include "intake/file_roles.hpp"
#include "intake/job_section.hpp"
#include "intake/job_values.hpp"
#include "intake/limits.hpp"
#include "intake/secret_source.hpp"
#include "intake/service_address.hpp"
#include "intake/tenant_list.hpp"
#include "intake/yaml_tree.hpp"

namespace offboard {
namespace {

namespace fs = std::filesystem;

enum class Cloud { global, us_government, china };

/// Microsoft's documentation of its REST addresses and sign-in authorities. The cloud for the US government
/// shares the global service and has a sign-in of its own.
void use_cloud(Cloud cloud, PartnerCenterSettings& settings) {
  switch (cloud) {
    case Cloud::global: return;
    case Cloud::us_government: settings.login_url = "https://login.microsoftonline.us"; return;
    case Cloud::china:
      settings.base_url = "https://partner.partnercenterapi.microsoftonline.cn";
      settings.login_url = "https://login.chinacloudapi.cn";
      return;
  }
}

/// Leaves the default where there is no value.
template <typename Target, typename Value>
void set(Target& target, std::optional<Value> value) {
  if (value) target = *std::move(value);
}

class JobReader {
 public:
  JobReader(const fs::path& file, Complaints& complaints)
      : complaints_(complaints), values_(file.parent_path(), complaints) {
    job_.file = file;
    roles_.add("the job file", file, {});
  }

  [[nodiscard]] Job read(const YamlNode& root) {
    SectionReader top(JobSection::top, &root, complaints_);
    set(job_.workers, values_.integer(top.optional("workers"), 1, limits::k_workers));
    read_name(top.required("name"));
    read_tenants(top.required("tenants"));
    read_ledger(top.optional("ledger"), root.place);
    read_partner_center(top.required("partner_center").node);
    read_policy(top.optional("policy").node);
    read_retry(top.optional("retry").node);
    read_rate(top.optional("rate").node);
    read_report(top.optional("report").node);
    roles_.check(complaints_);
    return std::move(job_);
  }

 private:
  void read_name(const JobValue& value) {
    set(job_.name, values_.text(value));
    if (job_.name.size() > limits::k_job_name) values_.complain(value, "is longer than 200 bytes");
  }

  void read_tenants(const JobValue& value) {
    const auto path = values_.path(value);
    if (!path) return;
    if (list_format_of(*path) == ListFormat::unknown)
      values_.complain(value, "must name a file that ends in .csv, .yaml or .yml");
    job_.tenants = *path;
    roles_.add(value.name, *path, value.node->place);
  }

  void read_ledger(const JobValue& value, const Place& place_of_map) {
    if (!value.given()) {
      job_.ledger = fs::path(job_.file).replace_extension(".db");
      roles_.add("the default for ledger", job_.ledger, place_of_map);
    } else if (const auto path = values_.path(value)) {
      job_.ledger = *path;
      roles_.add(value.name, *path, value.node->place);
    }
  }

  void read_partner_center(const YamlNode* node) {
    SectionReader section(JobSection::partner_center, node, complaints_);
    auto& settings = job_.partner_center;
    read_cloud(section.optional("cloud"));
    set(settings.base_url, values_.address(section.optional("base_url")));
    set(settings.login_url, values_.address(section.optional("login_url")));
    read_ca_file(section.optional("ca_file"));
    read_own_tenant(section.required("tenant"));
    read_client_id(section.required("client_id"));

    read_client_secret_of(section);
    read_client_certificate_of(section);
    const auto token = section.required("refresh_token");
    set(settings.refresh_token_file, read_refresh_token(token, values_, complaints_));
    if (!settings.refresh_token_file.empty())
      roles_.add(token.name, settings.refresh_token_file, token.node->place);
  }

  void read_client_secret_of(const SectionReader& section) {
    const auto value = section.optional("client_secret");
    auto& secret = job_.partner_center.client_secret;
    secret = read_client_secret(value, values_, complaints_);
    if (!secret) return;
    if (const auto* file = std::get_if<FromFile>(&*secret))
      roles_.add(value.name, file->path, value.node->place);
  }

  void read_client_certificate_of(const SectionReader& section) {
    const auto value = section.optional("client_certificate");
    if (value.given() && section.optional("client_secret").given())
      values_.complain(value,
                       "and partner_center.client_secret are two proofs of one application; leave one out");
    auto& certificate = job_.partner_center.client_certificate;
    certificate = read_client_certificate(value, values_, complaints_);
    if (!certificate) return;
    roles_.add(value.name, certificate->file, value.node->place);
    if (certificate->key != certificate->file)
      roles_.add(value.name + ".key", certificate->key, value.node->place);
  }

  /// Read here for what it is; what its certificates are worth is for the TLS library to say.
  void read_ca_file(const JobValue& value) {
    const auto path = values_.path(value);
    if (!path) return;
    job_.partner_center.ca_file = *path;
    roles_.add(value.name, *path, value.node->place);
    const auto content = read_file(*path, limits::k_ca_file);
    if (!content) {
      values_.complain(value, trouble_with(content.error().kind));
    } else if (content->find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
      values_.complain(value, "names a file without a certificate in it (PEM, -----BEGIN CERTIFICATE-----)");
    }
  }

  static std::string_view trouble_with(FileTroubleKind kind) {
    switch (kind) {
      case FileTroubleKind::missing: return "names a file that does not exist";
      case FileTroubleKind::not_a_file: return "names something that is not a regular file";
      case FileTroubleKind::no_permission: return "names a file that may not be read";
      case FileTroubleKind::too_large: return "names a file that is too large for certificates";
      case FileTroubleKind::other: break;
    }
    return "names a file that cannot be read";
  }

  void read_cloud(const JobValue& value) {
    const auto cloud = values_.choice<Cloud>(
        value, {{"global", Cloud::global}, {"us-government", Cloud::us_government}, {"china", Cloud::china}});
    if (cloud) use_cloud(*cloud, job_.partner_center);
  }

  /// It becomes part of the sign-in address. Words such as `common` stand for no single tenant.
  void read_own_tenant(const JobValue& value) {
    const auto text = values_.text(value);
    if (!text) return;
    if (const auto guid = Guid::parse(*text)) {
      job_.partner_center.tenant = guid->text();
    } else if (is_domain_name(*text)) {
      job_.partner_center.tenant = *text;
    } else {
      values_.complain(value, "must be a GUID or a domain such as contoso.onmicrosoft.com");
    }
  }

  void read_client_id(const JobValue& value) {
    const auto text = values_.text(value);
    if (!text) return;
    if (const auto guid = Guid::parse(*text)) {
      job_.partner_center.client_id = guid->text();
    } else {
      values_.complain(value, "must be a GUID");
    }
  }

  void read_policy(const YamlNode* node) {
    const SectionReader section(JobSection::policy, node, complaints_);
    auto& policy = job_.policy;
    set(policy.recheck_after, values_.duration(section.optional("recheck_after")));
    set(policy.software,
        values_.choice<SoftwarePolicy>(section.optional("software"), {{"block", SoftwarePolicy::block},
                                                                      {"ignore", SoftwarePolicy::ignore}}));
    set(policy.max_patches,
        values_.integer(section.optional("max_patches"), 1, std::numeric_limits<int>::max()));
    set(policy.deadline, values_.duration(section.optional("deadline")));
    if (const auto retry = values_.truth(section.optional("retry_failed")))
      policy.failed = *retry ? FailedTenants::retry : FailedTenants::leave;
  }

  void read_retry(const YamlNode* node) {
    const SectionReader section(JobSection::retry, node, complaints_);
    auto& retry = job_.retry;
    set(retry.max_attempts, values_.integer(section.optional("max_attempts"), 1, limits::k_attempts));
    set(retry.max_wait, values_.duration(section.optional("max_wait")));
    set(retry.timeout, values_.duration(section.optional("timeout")));
    set(retry.connect_timeout, values_.duration(section.optional("connect_timeout")));
  }

  void read_rate(const YamlNode* node) {
    const SectionReader section(JobSection::rate, node, complaints_);
    job_.rate.per_minute = values_.integer(section.optional("per_minute"), 1, limits::k_per_minute);
  }

  void read_report(const YamlNode* node) {
    const SectionReader section(JobSection::report, node, complaints_);
    job_.report.csv = report_target(section.optional("csv"));
    job_.report.json = report_target(section.optional("json"));
    job_.report.html = report_target(section.optional("html"));
  }

  [[nodiscard]] std::string report_target(const JobValue& value) {
    const auto target = values_.path_template(value);
    if (!target) return {};
    roles_.add(value.name, *target, value.node->place);
    return *target;
  }

  Complaints& complaints_;
  JobValues values_;
  FileRoles roles_;
  Job job_;
};

/// As far as it could be read, and what is wrong with it.
struct JobReading {
  Job job;
  std::optional<InvalidInput> problems;
};

JobReading reading_of(const fs::path& path) {
  auto source = SourceText::open(path, limits::k_job_file, TextKind::yaml);
  const auto root = read_yaml_tree(source);
  Complaints complaints(source);
  JobReading reading{JobReader(path, complaints).read(root), std::nullopt};
  try {
    complaints.raise_if_any();
  } catch (const InvalidInput& problems) {
    reading.problems = problems;
  }
  return reading;
}

}  // namespace

Job read_job(const fs::path& path) {
  auto reading = reading_of(path);
  if (reading.problems) throw InvalidInput(*reading.problems);
  return std::move(reading.job);
}

JobAndList read_job_and_list(const fs::path& path, const KnownList& known) {
  auto reading = reading_of(path);
  JobAndList result{std::move(reading.job), {}};
  // A job that does not say where its list is has been complained about already.
  if (list_format_of(result.job.tenants) != ListFormat::unknown) {
    try {
      result.list = read_tenant_list(result.job.tenants, known(result.job));
    } catch (const InvalidInput& problems) {
      if (reading.problems) throw InvalidInput(*reading.problems, problems);
      throw;
    }
  }
  if (reading.problems) throw InvalidInput(*reading.problems);
  return result;
}

}  // namespace offboard
