#include "simulator/journal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/defect.hpp"

#include "simulator/json_fields.hpp"

namespace offboard::simulator {
namespace {

std::string text_of(const Json& line) {
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

JournalLine line_of(const Json& json) {
  JournalLine line;
  if (json.contains("sign_in")) line.sign_in = json.at("sign_in").dump();
  line.customer = json.value("customer", "");
  if (json.contains("removed_at")) line.removed_at = parse_iso(json.at("removed_at").get<std::string>());
  line.purged = json.value("purged", false);
  line.request_id = json.value("request_id", "");
  if (json.contains("status"))
    line.answer = json_reply(json.at("status").get<int>(), json.at("body").get<std::string>());
  return line;
}

}  // namespace

std::string journal_of_sign_in(const std::string& memory) {
  Json line;
  line["sign_in"] = Json::parse(memory);
  return text_of(line);
}

std::string journal_of_removal(const std::string& customer, UtcTime at) {
  Json line;
  line["customer"] = customer;
  line["removed_at"] = iso_text(at);
  return text_of(line);
}

std::string journal_of_purge(const std::string& customer) {
  Json line;
  line["customer"] = customer;
  line["purged"] = true;
  return text_of(line);
}

std::string journal_of_answer(const std::string& customer, const std::string& request_id,
                              const Reply& reply) {
  Json line;
  line["customer"] = customer;
  line["request_id"] = request_id;
  line["status"] = reply.status;
  line["body"] = reply.body;
  return text_of(line);
}

void for_each_journal_line(std::string_view lines, const std::function<void(const JournalLine&)>& take) {
  for (std::size_t number = 1; !lines.empty(); ++number) {
    const auto end = lines.find('\n');
    // A line is whole once its end is written.
    if (end == std::string_view::npos) return;
    try {
      take(line_of(Json::parse(lines.substr(0, end))));
    } catch (const Json::exception& trouble) {
      throw MachineTrouble(fmt::format("line {} of the state cannot be read: {}", number, trouble.what()));
    }
    lines.remove_prefix(end + 1);
  }
}

}  // namespace offboard::simulator
