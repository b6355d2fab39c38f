#pragma once
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "intake/complaints.hpp"
#include "intake/yaml_tree.hpp"

namespace offboard {

/// A value of the job file under its full name, `partner_center.client_id`. Without a node it is not given.
struct JobValue {
  std::string name;
  const YamlNode* node = nullptr;

  [[nodiscard]] bool given() const { return node != nullptr; }
};

/// Reads values of the job file and complains about those that are not what they must be. Each reader
/// returns nothing for a value that is not given, or was complained about. No complaint repeats a value:
/// secrets get pasted into the wrong line.
class JobValues {
 public:
  /// Paths in the file are relative to `folder`. The complaints must outlive this.
  JobValues(std::filesystem::path folder, Complaints& complaints)
      : folder_(std::move(folder)), complaints_(complaints) {}

  /// Not empty, without control characters.
  [[nodiscard]] std::optional<std::string> text(const JobValue& value);
  [[nodiscard]] std::optional<int> integer(const JobValue& value, int least, int most);
  [[nodiscard]] std::optional<milliseconds> duration(const JobValue& value);
  [[nodiscard]] std::optional<bool> truth(const JobValue& value);
  /// The meaning of the word that stands there.
  template <typename Meaning>
  [[nodiscard]] std::optional<Meaning> choice(
      const JobValue& value, std::initializer_list<std::pair<std::string_view, Meaning>> choices) {
    std::vector<std::string_view> words;
    for (const auto& choice : choices) words.push_back(choice.first);
    const auto index = word(value, words);
    return index ? std::optional((choices.begin() + *index)->second) : std::nullopt;
  }
  /// Resolved against the folder. The name of a file, not of a folder.
  [[nodiscard]] std::optional<std::filesystem::path> path(const JobValue& value);
  /// A path in which {date} and {run} may stand.
  [[nodiscard]] std::optional<std::string> path_template(const JobValue& value);
  /// An address for the service; see service_address.hpp.
  [[nodiscard]] std::optional<std::string> address(const JobValue& value);

  [[nodiscard]] std::filesystem::path resolved(const std::filesystem::path& path) const;

  void complain(const JobValue& value, std::string_view what);

 private:
  /// Which of the words stands there.
  [[nodiscard]] std::optional<std::size_t> word(const JobValue& value,
                                                const std::vector<std::string_view>& words);
  [[nodiscard]] bool is_scalar(const JobValue& value, std::string_view wanted);

  std::filesystem::path folder_;
  Complaints& complaints_;
};

}  // namespace offboard
