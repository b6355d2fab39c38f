#include "intake/tenant_list.hpp"

#include "base/text.hpp"
#include "intake/csv_list.hpp"
#include "intake/limits.hpp"
#include "intake/yaml_list.hpp"

namespace offboard {
namespace {

/// To be counted up with every change to what a list is taken to say.
constexpr std::string_view k_reading = "reading 1";

/// With the file's name, which stands in the notices and tells the format.
std::string digest_of(const SourceText& source) {
  Sha256 sha256;
  for (const std::string_view part :
       {k_reading, std::string_view(source.file()), std::string_view(source.digest())}) {
    sha256.add(part);
    sha256.add("\n");
  }
  return sha256.finish();
}

}  // namespace

ListFormat list_format_of(const std::filesystem::path& path) {
  const auto extension = to_lower(path.extension().string());
  if (extension == ".csv") return ListFormat::csv;
  if (extension == ".yaml" || extension == ".yml") return ListFormat::yaml;
  return ListFormat::unknown;
}

TenantListReading read_tenant_list(const std::filesystem::path& path, std::string_view known_digest,
                                   Window window) {
  const auto format = list_format_of(path);
  if (format == ListFormat::unknown)
    throw InvalidInput({path.string(), 1, 1, "a tenant list's name must end in .csv, .yaml or .yml"});
  auto source = SourceText::open(path, limits::k_tenant_list,
                                 format == ListFormat::yaml ? TextKind::yaml : TextKind::csv, window);
  TenantListReading reading;
  reading.digest = digest_of(source);
  if (reading.digest == known_digest) return reading;
  Complaints complaints(source);
  Notices notices;
  TenantCollector collector(source, complaints, notices);
  if (format == ListFormat::csv) {
    read_csv_list(source, collector, complaints, notices);
  } else {
    read_yaml_list(source, collector, complaints);
  }
  reading.tenants = collector.take();
  complaints.raise_if_any();
  reading.notices = notices.lines();
  return reading;
}

}  // namespace offboard
