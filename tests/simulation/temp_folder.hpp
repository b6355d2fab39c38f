#pragma once
#include <filesystem>
#include <string>

namespace offboard::test {

/// An empty folder that goes with the object. In memory where the system has room for that: no test here is
/// about what a disk keeps.
class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// All of a file; empty if there is none.
[[nodiscard]] std::string content_of(const std::filesystem::path& file);

}  // namespace offboard::test
