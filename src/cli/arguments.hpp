#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "report/view.hpp"

namespace offboard {

enum class Command { validate, check, run, status, report, login, verify, invite };

enum class Verbosity { quiet, normal, verbose };

enum class StatusFormat { text, json };

/// A command line that makes sense.
struct Arguments {
  Command command = Command::validate;
  std::filesystem::path job;
  Verbosity verbosity = Verbosity::normal;
  StatusFormat status_format = StatusFormat::text;
  View view = View::tenants;
  Format format = Format::csv;
  std::optional<std::filesystem::path> output;
};

/// The arguments, or the exit code of a command line that is done with (--help, --version) or wrong; what
/// there was to say has been said.
[[nodiscard]] std::variant<Arguments, int> parse_arguments(int argc, const char* const* argv);

}  // namespace offboard
