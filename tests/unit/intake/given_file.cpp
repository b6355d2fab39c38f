#include "given_file.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <stdexcept>

#include "../listed_in_memory.hpp"
#include "intake/job_file.hpp"
#include "intake/tenant_list.hpp"

namespace offboard::test {

Folder::Folder() {
  auto pattern = (std::filesystem::temp_directory_path() / "offboard-intake-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = std::filesystem::canonical(pattern);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path Folder::write(const std::string& name, std::string_view content) const {
  auto file = path_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
  return file;
}

ReadList read_list(const std::filesystem::path& file, Window window) {
  const auto reading = read_tenant_list(file, "", window);
  return {whole(*reading.tenants), reading.notices};
}

Lines complaints_of(const std::function<void()>& reading) {
  Lines lines;
  try {
    reading();
  } catch (const InvalidInput& invalid) {
    for (const auto& problem : invalid.problems())
      lines.push_back(fmt::format("{}:{}: {}", problem.line, problem.column, problem.message));
  }
  return lines;
}

Lines wrong_with_job(std::string_view content) {
  const Folder folder;
  const auto file = folder.write("job.yaml", content);
  return complaints_of([&] { (void)read_job(file); });
}

Lines wrong_with_csv(std::string_view content) {
  const Folder folder;
  const auto file = folder.write("list.csv", content);
  return complaints_of([&] { (void)read_tenant_list(file); });
}

Lines wrong_with_yaml(std::string_view content) {
  const Folder folder;
  const auto file = folder.write("list.yaml", content);
  return complaints_of([&] { (void)read_tenant_list(file); });
}

}  // namespace offboard::test
