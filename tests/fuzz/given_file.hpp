#pragma once
#include <sys/types.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace offboard::fuzz {

/// A folder of the process's own, gone at its end. It is written to thousands of times a second: TMPDIR had
/// better be in memory.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("offboard-fuzz-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::filesystem::path write(const char* name, std::string_view content) const {
    auto file = path_ / name;
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
    return file;
  }

 private:
  std::filesystem::path path_;
};

inline const Folder& folder() {
  static const Folder only;
  return only;
}

}  // namespace offboard::fuzz
