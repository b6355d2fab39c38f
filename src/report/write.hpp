#pragma once
#include <string>

#include "base/file.hpp"
#include "model/report_rows.hpp"
#include "report/view.hpp"

namespace offboard {

/// What the HTML page says above its table. The other formats have no place for it.
struct Heading {
  std::string job;             // the job's name
  std::string as_of;           // when the ledger last changed, as text; empty: not said
  std::string signed_in = {};  // as whom the last run did its work; empty: not said
};

/// Writes one view in one format, one row at a time: no more than one row is held, whatever the ledger's
/// size. The same rows and heading give the same bytes, on any day, host and locale, which is why `as_of`
/// must come from the ledger and not from a clock. What `source` or `sink` throws passes through.
void write_report(View view, Format format, const RowSource& source, const Heading& heading,
                  const Sink& sink);

}  // namespace offboard
