#include "intake/tenant_list.hpp"

#include "base/text.hpp"
#include "intake/csv_list.hpp"
#include "intake/limits.hpp"
#include "intake/yaml_list.hpp"

namespace offboard {

ListFormat list_format_of(const std::filesystem::path& path) {
  const auto extension = to_lower(path.extension().string());
  if (extension == ".csv") return ListFormat::csv;
  if (extension == ".yaml" || extension == ".yml") return ListFormat::yaml;
  return ListFormat::unknown;
}

TenantListReading read_tenant_list(const std::filesystem::path& path) {
  const auto format = list_format_of(path);
  if (format == ListFormat::unknown)
    throw InvalidInput({path.string(), 1, 1, "a tenant list's name must end in .csv, .yaml or .yml"});
  const auto source = SourceText::read(
      path, limits::k_tenant_list, format == ListFormat::yaml ? LineEnds::unified : LineEnds::as_they_are);
  Complaints complaints(source);
  Notices notices;
  TenantCollector collector(source, complaints, notices);
  if (format == ListFormat::csv) {
    read_csv_list(source, collector, complaints, notices);
  } else {
    read_yaml_list(source, collector, complaints);
  }
  TenantListReading reading;
  reading.tenants = collector.take();
  complaints.raise_if_any();
  reading.notices = notices.lines();
  return reading;
}

}  // namespace offboard
