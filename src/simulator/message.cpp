#include "simulator/message.hpp"

#include <fmt/chrono.h>

#include <algorithm>

#include "base/text.hpp"

namespace offboard::simulator {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string form_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    if (escape) {
      result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      result += text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

}  // namespace

void Headers::add(std::string_view name, std::string_view value) {
  all_.push_back({std::string(name), std::string(value)});
}

std::optional<std::string> Headers::find(std::string_view name) const {
  const auto found = std::find_if(
      all_.begin(), all_.end(), [&](const Header& header) { return equal_ignoring_case(header.name, name); });
  return found == all_.end() ? std::nullopt : std::optional(found->value);
}

Reply json_reply(int status, std::string body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, std::move(body)};
}

std::string http_date(UtcTime time) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::chrono::floor<seconds>(time)));
}

std::optional<std::string> form_value(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const auto end = std::min(form.find('&'), form.size());
    const auto pair = form.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (form_decoded(pair.substr(0, equals)) == name)
      return form_decoded(pair.substr(std::min(equals + 1, pair.size())));
    form.remove_prefix(std::min(end + 1, form.size()));
  }
  return std::nullopt;
}

}  // namespace offboard::simulator
