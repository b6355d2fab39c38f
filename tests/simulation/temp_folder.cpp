#include "temp_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace offboard::test {
namespace {

std::filesystem::path parent() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code trouble;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment.
  const bool asked_elsewhere = std::getenv("TMPDIR") != nullptr;
  return !asked_elsewhere && std::filesystem::is_directory(memory, trouble)
             ? memory
             : std::filesystem::temp_directory_path();
}

}  // namespace

TempFolder::TempFolder() {
  auto name = (parent() / "offboard-run-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder " + name);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code trouble;
  std::filesystem::remove_all(path_, trouble);
}

std::string content_of(const std::filesystem::path& file) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(file, missing);
  if (missing) return {};
  std::string content(size, '\0');
  std::ifstream(file, std::ios::binary).read(content.data(), static_cast<std::streamsize>(size));
  return content;
}

}  // namespace offboard::test
