#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/message.hpp"

namespace offboard::simulator {

/// The lines by which a second start remembers the first: written one per effect, never rewritten.
[[nodiscard]] std::string journal_of_sign_in(const std::string& memory);
[[nodiscard]] std::string journal_of_removal(const std::string& customer, UtcTime at);
[[nodiscard]] std::string journal_of_purge(const std::string& customer);
[[nodiscard]] std::string journal_of_answer(const std::string& customer, const std::string& request_id,
                                            const Reply& reply);

struct JournalLine {
  std::optional<std::string> sign_in;
  std::string customer;
  std::optional<UtcTime> removed_at;
  bool purged = false;
  std::string request_id;
  std::optional<Reply> answer;
};

/// Passes over a last line that was cut off; throws MachineTrouble for any other that cannot be read.
void for_each_journal_line(std::string_view lines, const std::function<void(const JournalLine&)>& take);

}  // namespace offboard::simulator
