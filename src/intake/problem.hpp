#pragma once
#include <cstddef>
#include <exception>
#include <string>
#include <vector>

namespace offboard {

/// What is wrong in a file that the user wrote, and where. Line and column count from 1, the column in
/// characters (Unicode code points), not bytes.
struct Problem {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;
  std::string message;

  friend bool operator==(const Problem&, const Problem&) = default;
};

/// `FILE:LINE:COLUMN: what is wrong`.
[[nodiscard]] std::string text_of(const Problem& problem);

/// The user's mistake: a job file or a tenant list that cannot be used. Nothing was done. Exit code 2.
class InvalidInput : public std::exception {
 public:
  explicit InvalidInput(Problem only);
  /// `uncounted` problems were found beyond those that were kept.
  InvalidInput(std::vector<Problem> problems, std::size_t uncounted);
  /// Those of two files, one after the other.
  InvalidInput(const InvalidInput& first, const InvalidInput& second);

  /// One line per problem, at most 50, then `… and N more problems`. No line end at the end.
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

  /// The problems that were kept, in the order of the file.
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
  /// How many there are, those not kept included.
  [[nodiscard]] std::size_t total() const { return problems_.size() + uncounted_; }

 private:
  std::vector<Problem> problems_;
  std::size_t uncounted_ = 0;
  std::string text_;
};

/// What the user should know though nothing stops for it. Keeps the first 50 and counts the rest.
class Notices {
 public:
  void add(const Problem& notice);
  /// One line each, as for problems; the last tells how many more there are.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::vector<std::string> kept_;
  std::size_t uncounted_ = 0;
};

}  // namespace offboard
