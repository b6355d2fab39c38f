#include "intake/problem.hpp"

#include <fmt/format.h>

#include <utility>

#include "intake/limits.hpp"

namespace offboard {
namespace {

std::string text_of_all(const std::vector<Problem>& problems, std::size_t total) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& problem : problems) {
    if (shown == limits::k_kept_messages) break;
    if (shown > 0) text += '\n';
    text += text_of(problem);
    ++shown;
  }
  const auto more = total - shown;
  if (more > 0) text += fmt::format("\n… and {} more {}", more, more == 1 ? "problem" : "problems");
  return text;
}

std::vector<Problem> joined(std::vector<Problem> first, const std::vector<Problem>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

std::string text_of(const Problem& problem) {
  return fmt::format("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message);
}

InvalidInput::InvalidInput(Problem only) : InvalidInput(std::vector<Problem>{std::move(only)}, 0) {}

InvalidInput::InvalidInput(std::vector<Problem> problems, std::size_t uncounted)
    : problems_(std::move(problems)), uncounted_(uncounted), text_(text_of_all(problems_, total())) {}

InvalidInput::InvalidInput(const InvalidInput& first, const InvalidInput& second)
    : InvalidInput(joined(first.problems_, second.problems_), first.uncounted_ + second.uncounted_) {}

void Notices::add(const Problem& notice) {
  if (kept_.size() < limits::k_kept_messages) {
    kept_.push_back(text_of(notice));
  } else {
    ++uncounted_;
  }
}

std::vector<std::string> Notices::lines() const {
  auto lines = kept_;
  if (uncounted_ > 0)
    lines.push_back(fmt::format("… and {} more {}", uncounted_, uncounted_ == 1 ? "warning" : "warnings"));
  return lines;
}

}  // namespace offboard
