#pragma once
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "base/time.hpp"

namespace offboard {

/// Runs a program by its argument list (no shell) with no standard input and returns what it wrote to
/// standard output, at most `max_bytes`. The failure is a sentence: not found, ended with N, took longer than
/// `limit` (then it is killed), wrote too much. Blocks the caller.
[[nodiscard]] Expected<std::string, std::string> run_and_read(const std::vector<std::string>& command,
                                                              milliseconds limit, std::size_t max_bytes);

}  // namespace offboard
