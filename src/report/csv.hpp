#pragma once
#include <memory>

#include "base/file.hpp"
#include "report/cell.hpp"

namespace offboard::table {

/// RFC 4180 with CRLF, UTF-8 without BOM. A text that a spreadsheet would run as a formula gets a leading
/// apostrophe; numbers never do. `sink` must outlive the writer.
[[nodiscard]] std::unique_ptr<Writer> csv_writer(const Sink& sink);

}  // namespace offboard::table
