#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/file.hpp"
#include "report/cell.hpp"
#include "report/view.hpp"
#include "report/write.hpp"

namespace offboard::table {

/// One self-contained page: no script, nothing loaded from anywhere. `sink` must outlive the writer.
[[nodiscard]] std::unique_ptr<Writer> html_writer(View view, const Heading& heading, const Sink& sink);

}  // namespace offboard::table
