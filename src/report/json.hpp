#pragma once
#include <memory>

#include "base/file.hpp"
#include "report/cell.hpp"

namespace offboard::table {

/// An array of objects, one on a line, names in column order; what is empty is null, numbers are numbers.
/// `sink` must outlive the writer.
[[nodiscard]] std::unique_ptr<Writer> json_writer(const Sink& sink);

}  // namespace offboard::table
