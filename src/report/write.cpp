#include "report/write.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

#include "base/defect.hpp"
#include "report/columns.hpp"
#include "report/csv.hpp"
#include "report/html.hpp"
#include "report/json.hpp"

namespace offboard {
namespace {

using table::Cell;
using table::Column;
using table::Head;
using table::Writer;

template <typename Row>
using ForEach = void (RowSource::*)(const std::function<void(const Row&)>&) const;

template <typename Row, std::size_t Count>
void write_table(const std::array<Column<Row>, Count>& columns, const RowSource& source,
                 ForEach<Row> for_each_row, Writer& writer) {
  std::vector<Head> heads;
  std::transform(columns.begin(), columns.end(), std::back_inserter(heads),
                 [](const auto& column) { return column.head(); });
  std::vector<Cell> cells(Count);
  writer.begin(heads);
  (source.*for_each_row)([&](const Row& row) {
    for (std::size_t i = 0; i < Count; ++i) columns[i].show(row, cells[i]);
    writer.row(cells);
  });
  writer.end();
}

std::unique_ptr<Writer> writer_for(View view, Format format, const Heading& heading, const Sink& sink) {
  switch (format) {
    case Format::csv: return table::csv_writer(sink);
    case Format::json: return table::json_writer(sink);
    case Format::html: return table::html_writer(view, heading, sink);
  }
  throw Defect("a report has one of the known formats");
}

}  // namespace

void write_report(View view, Format format, const RowSource& source, const Heading& heading,
                  const Sink& sink) {
  const auto writer = writer_for(view, format, heading, sink);
  switch (view) {
    case View::tenants:
      return write_table(table::k_tenant_columns, source, &RowSource::for_each_tenant, *writer);
    case View::blockers:
      return write_table(table::k_blocker_columns, source, &RowSource::for_each_blocker, *writer);
    case View::history:
      return write_table(table::k_history_columns, source, &RowSource::for_each_history, *writer);
    case View::runs: return write_table(table::k_run_columns, source, &RowSource::for_each_run, *writer);
  }
  throw Defect("a report shows one of the known views");
}

}  // namespace offboard
