#include <SQLiteCpp/SQLiteCpp.h>

#include "ledger/inside.hpp"

namespace offboard {
namespace {

/// The same length, from now on: how much of it is over, nobody knows.
std::string begun_anew(const std::string& noted_at, const std::string& until, UtcTime now) {
  const auto from = parse_iso(noted_at);
  const auto to = parse_iso(until);
  return from && to ? iso_text(now + (*to - *from)) : "";
}

}  // namespace

void begin_waits_anew(Statements& statements, UtcTime now) {
  const auto mend = [&](const std::string& select, const std::string& update) {
    auto& noted_later = statements.of(select);
    Binder(noted_later).text(iso_text(now));
    while (noted_later.executeStep()) {
      auto& mended = statements.of(update);
      Columns row(noted_later);
      const auto number = row.number();
      const auto until = row.text();
      const auto noted_at = row.text();
      Binder(mended).text_or_null(begun_anew(noted_at, until, now)).text(iso_text(now)).number(number);
      mended.exec();
    }
  };
  mend("select number, not_before, not_before_noted_at from tenant where not_before_noted_at > ?",
       "update tenant set not_before = ?, not_before_noted_at = ? where number = ?");
  mend(
      "select id, service_not_before, service_not_before_noted_at from ledger "
      "where service_not_before_noted_at > ?",
      "update ledger set service_not_before = ?, service_not_before_noted_at = ? where id = ?");
}

}  // namespace offboard
