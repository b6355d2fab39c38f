#include <base/guid.hpp>
#include <cstdint>
#include <http/url.hpp>
#include <intake/job_file.hpp>
#include <intake/service_address.hpp>
#include <report/target.hpp>

#include "list_promises.hpp"

namespace offboard::fuzz {
namespace {

using Json = nlohmann::json;

Json written(const std::optional<SecretSource>& source) {
  if (!source) return nullptr;
  if (const auto* environment = std::get_if<FromEnvironment>(&*source))
    return {{"env", environment->variable}};
  if (const auto* file = std::get_if<FromFile>(&*source)) return {{"file", file->path.string()}};
  return {{"command", std::get<FromCommand>(*source).command}};
}

std::string written(milliseconds duration) {
  return std::to_string(duration.count()) + "ms";
}

void add_if_given(Json& section, const char* key, const Json& value) {
  const bool given = !value.is_null() && value != Json("");
  if (given) section[key] = value;
}

/// The job as a job file that says all of it. JSON is YAML.
Json written(const Job& job) {
  const auto& service = job.partner_center;
  Json all = {{"name", job.name},
              {"tenants", job.tenants.string()},
              {"ledger", job.ledger.string()},
              {"workers", job.workers},
              {"report", Json::object()}};
  all["partner_center"] = {{"base_url", service.base_url},
                           {"login_url", service.login_url},
                           {"tenant", service.tenant},
                           {"client_id", service.client_id},
                           {"refresh_token", {{"file", service.refresh_token_file.string()}}}};
  add_if_given(all["partner_center"], "client_secret", written(service.client_secret));
  if (const auto& certificate = service.client_certificate) {
    all["partner_center"]["client_certificate"] = {{"file", certificate->file.string()},
                                                   {"key", certificate->key.string()}};
  }
  all["policy"] = {{"recheck_after", written(job.policy.recheck_after)},
                   {"software", job.policy.software == SoftwarePolicy::block ? "block" : "ignore"},
                   {"retry_failed", job.policy.failed == FailedTenants::retry}};
  if (job.policy.max_patches) all["policy"]["max_patches"] = *job.policy.max_patches;
  if (job.policy.deadline) all["policy"]["deadline"] = written(*job.policy.deadline);
  all["retry"] = {{"max_attempts", job.retry.max_attempts},
                  {"max_wait", written(job.retry.max_wait)},
                  {"timeout", written(job.retry.timeout)},
                  {"connect_timeout", written(job.retry.connect_timeout)}};
  if (job.rate.per_minute) all["rate"] = {{"per_minute", *job.rate.per_minute}};
  add_if_given(all["report"], "csv", job.report.csv);
  add_if_given(all["report"], "json", job.report.json);
  add_if_given(all["report"], "html", job.report.html);
  return all;
}

/// Tokens go there, and the client takes for granted that it can be taken apart.
void check_address(const std::string& address) {
  const auto url = parse_url(address);
  ensure(url.has_value(), "an accepted address can be sent to");
  const auto host = url->authority.substr(0, url->authority.rfind(':'));
  ensure(url->scheme == "https" || host == "localhost" || host == "[::1]" || host.starts_with("127."),
         "plain http is for loopback alone");
}

void check_duration(milliseconds duration) {
  ensure(duration > milliseconds(0) && duration <= limits::k_longest_duration, "a duration is within bounds");
}

void check_target(const std::string& pattern) {
  if (pattern.empty()) return;
  const auto name = expand(pattern, UtcTime(), "run-1");
  const auto without = [](const std::string& text, std::string_view word) {
    return text.find(word) == std::string::npos;
  };
  ensure(without(name, "{date}") && without(name, "{run}"), "an accepted report's name can be written out");
}

void check_job(const Job& job) {
  ensure(!job.name.empty() && job.name.size() <= limits::k_job_name, "a job has a name");
  ensure(list_format_of(job.tenants) != ListFormat::unknown, "the tenant list has a format");
  ensure(!job.ledger.empty() && job.ledger != job.tenants && job.ledger != job.file, "the ledger is its own");
  ensure(job.partner_center.refresh_token_file.has_filename(), "the refresh token has a file");
  ensure(Guid::parse(job.partner_center.client_id).has_value(), "the client id is a GUID");
  ensure(Guid::parse(job.partner_center.tenant) || is_domain_name(job.partner_center.tenant),
         "the partner is a GUID or a domain");
  ensure(!job.partner_center.client_secret || !job.partner_center.client_certificate,
         "an application proves itself in one way");
  check_address(job.partner_center.base_url);
  check_address(job.partner_center.login_url);
  ensure(job.workers >= 1 && job.workers <= limits::k_workers, "workers are within bounds");
  ensure(job.retry.max_attempts >= 1 && job.retry.max_attempts <= limits::k_attempts, "so are attempts");
  ensure(job.rate.per_minute.value_or(1) >= 1, "a ceiling lets something through");
  ensure(job.policy.max_patches.value_or(1) >= 1, "a limit of patches lets one through");
  for (const auto duration : {job.policy.recheck_after, job.policy.deadline.value_or(milliseconds(1)),
                              job.retry.max_wait, job.retry.timeout, job.retry.connect_timeout})
    check_duration(duration);
  for (const auto& target : {job.report.csv, job.report.json, job.report.html}) check_target(target);
}

void check_file(std::string_view text) {
  Job job;
  try {
    job = read_job(folder().write("job.yaml", text));
  } catch (const InvalidInput& refusal) {
    check_refusal(refusal, text);
    return;
  }
  check_job(job);
  const auto all = written(job);
  ensure(written(read_job(folder().write("again.yaml", all.dump(1)))) == all,
         "a job written anew reads the same");
}

}  // namespace
}  // namespace offboard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  offboard::fuzz::check_file({reinterpret_cast<const char*>(data), size});
  return 0;
}
