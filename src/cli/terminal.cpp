#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"

namespace offboard {
namespace {

constexpr std::size_t k_bar_width = 30;
constexpr std::int64_t k_plain_lines = 10;  // of progress, in a whole run
constexpr std::size_t k_max_line_bytes = 2000;

std::string bar(std::int64_t done, std::int64_t total) {
  const auto full = total == 0
                        ? k_bar_width
                        : static_cast<std::size_t>(done) * k_bar_width / static_cast<std::size_t>(total);
  return std::string(full, '#') + std::string(k_bar_width - std::min(full, k_bar_width), '.');
}

spdlog::level::level_enum level_of(Verbosity verbosity) {
  switch (verbosity) {
    case Verbosity::quiet: return spdlog::level::warn;
    case Verbosity::normal: return spdlog::level::info;
    case Verbosity::verbose: return spdlog::level::debug;
  }
  return spdlog::level::info;
}

}  // namespace

struct Terminal::Inside {
  spdlog::logger logger{"offboard", std::make_shared<spdlog::sinks::stderr_color_sink_st>()};
  bool is_terminal = ::isatty(STDERR_FILENO) == 1;
  bool bar_shown = false;
  std::int64_t last_tenth = 0;

  void clear_bar() {
    if (bar_shown) std::fputs("\r\033[K", stderr);
    bar_shown = false;
  }

  void line(spdlog::level::level_enum level, std::string_view text) {
    if (!logger.should_log(level)) return;
    clear_bar();
    // The service's words may be in it; a line stays a line and moves no cursor.
    logger.log(level, one_line(text, k_max_line_bytes));
  }
};

Terminal::Terminal(Verbosity verbosity) : inside_(std::make_unique<Inside>()) {
  inside_->logger.set_pattern("%Y-%m-%dT%H:%M:%SZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  inside_->logger.set_level(level_of(verbosity));
}

Terminal::~Terminal() {
  inside_->clear_bar();
}

void Terminal::detail(std::string_view text) {
  inside_->line(spdlog::level::debug, text);
}
void Terminal::info(std::string_view text) {
  inside_->line(spdlog::level::info, text);
}
void Terminal::warning(std::string_view text) {
  inside_->line(spdlog::level::warn, text);
}
void Terminal::error(std::string_view text) {
  inside_->line(spdlog::level::err, text);
}

void Terminal::progress(std::int64_t done, std::int64_t total, std::string_view tally) {
  if (!inside_->logger.should_log(spdlog::level::info) || total == 0) return;
  if (inside_->is_terminal) {
    inside_->bar_shown = true;
    fmt::print(stderr, "\r\033[K[{}] {}/{}  {}", bar(done, total), done, total, tally);
    std::fflush(stderr);
    return;
  }
  const auto tenth = done * k_plain_lines / total;
  if (tenth == inside_->last_tenth || done == total) return;
  inside_->last_tenth = tenth;
  info(fmt::format("{} of {} tenants done: {}", done, total, tally));
}

void Terminal::end_progress() {
  inside_->clear_bar();
}

}  // namespace offboard
