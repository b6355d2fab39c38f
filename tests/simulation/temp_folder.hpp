#pragma once
#include <filesystem>

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

}  // namespace offboard::test
