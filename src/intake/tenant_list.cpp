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
std::string digest_of(std::string_view file, std::string_view of_its_bytes) {
  Sha256 sha256;
  for (const auto part : {k_reading, file, of_its_bytes}) {
    sha256.add(part);
    sha256.add("\n");
  }
  return sha256.finish();
}

/// Takes a third of the time of a look at the text, which every text with a known digest has passed. What
/// cannot be read is told when it is opened.
bool is_known(const std::filesystem::path& path, std::string_view known_digest) {
  auto file = FilePieces::open(path, limits::k_tenant_list);
  if (!file) return false;
  Sha256 sha256;
  while (true) {
    const auto piece = file->next();
    if (!piece) return false;
    if (piece->empty()) return digest_of(path.string(), sha256.finish()) == known_digest;
    sha256.add(*piece);
  }
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
  TenantListReading reading;
  if (!known_digest.empty() && is_known(path, known_digest)) {
    reading.digest = known_digest;
    return reading;
  }
  auto source = SourceText::open(path, limits::k_tenant_list,
                                 format == ListFormat::yaml ? TextKind::yaml : TextKind::csv, window);
  reading.digest = digest_of(source.file(), source.digest());
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
