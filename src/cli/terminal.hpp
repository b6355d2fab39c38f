#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "cli/arguments.hpp"

namespace offboard {

/// What a person sees: lines on standard error, and below them, if that is a terminal, one line of progress
/// that is drawn over and over. Elsewhere progress is a plain line now and then. One thread.
class Terminal {
 public:
  explicit Terminal(Verbosity verbosity);
  ~Terminal();

  void detail(std::string_view text);  // with --verbose only
  void info(std::string_view text);
  void warning(std::string_view text);
  void error(std::string_view text);

  void progress(std::int64_t done, std::int64_t total, std::string_view tally);
  void end_progress();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace offboard
