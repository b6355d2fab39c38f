#pragma once
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "intake/problem.hpp"
#include "intake/source_text.hpp"
#include "model/tenant.hpp"

namespace offboard::test {

/// A folder of its own for one test, gone afterwards.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file, making folders as needed.
  std::filesystem::path write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

/// A tenant list as it was read, whole.
struct ReadList {
  TenantList tenants;
  std::vector<std::string> notices;
};
[[nodiscard]] ReadList read_list(const std::filesystem::path& file, Window window = {});

/// `LINE:COLUMN: message` of every problem that reading brings up; empty if it goes well.
using Lines = std::vector<std::string>;
[[nodiscard]] Lines complaints_of(const std::function<void()>& reading);

/// What is wrong with a job file, a CSV list, a YAML list of this content.
[[nodiscard]] Lines wrong_with_job(std::string_view content);
[[nodiscard]] Lines wrong_with_csv(std::string_view content);
[[nodiscard]] Lines wrong_with_yaml(std::string_view content);

}  // namespace offboard::test
