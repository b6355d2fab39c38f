#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "intake/complaints.hpp"
#include "intake/job_values.hpp"
#include "intake/yaml_tree.hpp"

namespace offboard {

/// The sections of a job file. An enum, so that each is read once and by name.
enum class JobSection {
  top,
  partner_center,
  client_secret,
  client_certificate,
  refresh_token,
  policy,
  retry,
  rate,
  report
};

/// One map of the job file: complains about unknown and doubled keys when made, about missing ones when they
/// are asked for. A section that is not given is empty.
class SectionReader {
 public:
  /// `node` may be null; the node and the complaints must outlive this.
  SectionReader(JobSection section, const YamlNode* node, Complaints& complaints);

  [[nodiscard]] bool given() const { return map_ != nullptr; }
  /// The value of a key, if it is given.
  [[nodiscard]] JobValue optional(std::string_view key) const;
  /// The same; complains, at the place of the map, if it is not given.
  [[nodiscard]] JobValue required(std::string_view key);
  /// How many of its keys are given, unknown ones included.
  [[nodiscard]] std::size_t size() const { return given() ? map_->entries.size() : 0; }

 private:
  void check_keys();
  void complain_about_unknown(const YamlEntry& entry);
  [[nodiscard]] std::string full_name(std::string_view key) const;

  JobSection section_;
  const YamlNode* map_ = nullptr;
  Complaints& complaints_;
};

/// `client_secret` is part of `partner_center.client_secret`; empty for the top.
[[nodiscard]] std::string_view full_name_of(JobSection section);

}  // namespace offboard
