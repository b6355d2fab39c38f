#include "intake/csv_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/guid.hpp"
#include "base/text.hpp"
#include "intake/csv_reader.hpp"
#include "intake/limits.hpp"

namespace offboard {
namespace {

/// What each column of the file means; nothing for a column that is ignored.
using Header = std::vector<std::optional<ListColumn>>;

bool has(const Header& header, ListColumn column) {
  return std::find(header.begin(), header.end(), std::optional(column)) != header.end();
}

struct Separator {
  char character;
  const char* name;
};

/// The header makes sense with another separator than a comma.
std::optional<Separator> other_separator(std::string_view line) {
  for (const auto& separator :
       {Separator{';', "semicolons"}, Separator{'\t', "tabs"}, Separator{'|', "bars"}}) {
    if (line.find(separator.character) == std::string_view::npos) continue;
    for (std::size_t at = 0; at <= line.size();) {
      const auto end = std::min(line.find(separator.character, at), line.size());
      auto name = trim(line.substr(at, end - at));
      if (name.size() > 1 && name.front() == '"' && name.back() == '"')
        name = name.substr(1, name.size() - 2);
      if (list_column_named(name) == ListColumn::tenant_id) return separator;
      at = end + 1;
    }
  }
  return std::nullopt;
}

class HeaderReader {
 public:
  HeaderReader(const SourceText& source, Complaints& complaints, Notices& notices)
      : source_(source), complaints_(complaints), notices_(notices) {}

  /// Nothing if no row can be understood without it.
  [[nodiscard]] std::optional<Header> read(const CsvRow& row) {
    const auto header = meanings_of(row);
    if (!row.trouble && has(header, ListColumn::tenant_id)) {
      complain_about_doubles(row, header);
      give_notice_of_ignored(row, header);
      return header;
    }
    const auto trouble = trouble_with(row);
    complaints_.add(trouble.place, trouble.message);
    return std::nullopt;
  }

 private:
  [[nodiscard]] static Header meanings_of(const CsvRow& row) {
    Header header;
    for (const auto& field : row.fields) header.push_back(list_column_named(field.text));
    return header;
  }

  [[nodiscard]] CsvTrouble trouble_with(const CsvRow& row) const {
    const auto text = source_.from(row.place.offset);
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    if (const auto separator = other_separator(line)) {
      auto place = row.place;
      place.offset += line.find(separator->character);
      return {place, fmt::format("the columns are separated by {}; the list must be separated by commas",
                                 separator->name)};
    }
    if (row.trouble) return *row.trouble;
    for (const auto& field : row.fields) {
      if (Guid::parse(trim(field.text)))
        return {field.place, "the first line must name the columns, and here is a tenant already"};
    }
    return {row.place, "there is no column tenant_id (or Microsoft ID, customer-tenant-id, Customer ID)"};
  }

  void complain_about_doubles(const CsvRow& row, const Header& header) {
    std::array<const CsvField*, k_list_columns> first = {};
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (!header[i]) continue;
      auto& seen = first[index_of(*header[i])];
      if (seen == nullptr) {
        seen = &row.fields[i];
        continue;
      }
      complaints_.add(row.fields[i].place,
                      fmt::format("the columns \"{}\" and \"{}\" both mean {}", shown(*seen),
                                  shown(row.fields[i]), name_of(*header[i])));
    }
  }

  void give_notice_of_ignored(const CsvRow& row, const Header& header) {
    std::string names;
    std::optional<Place> first;
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i] || trim(row.fields[i].text).empty()) continue;
      if (!first) first = row.fields[i].place;
      names += names.empty() ? "" : ", ";
      names += shown(row.fields[i]);
    }
    if (first)
      notices_.add(source_.problem(*first, "columns that are ignored: " + one_line(names, k_names_shown)));
  }

  [[nodiscard]] static std::string shown(const CsvField& field) {
    return one_line(trim(field.text), limits::k_shown);
  }

  static constexpr std::size_t k_names_shown = 1000;  // bytes
  const SourceText& source_;
  Complaints& complaints_;
  Notices& notices_;
};

/// The row's cells by their meaning.
ListRow cells_of(const CsvRow& row, const Header& header) {
  ListRow cells;
  cells.place = row.place;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i]) cells.at(*header[i]) = {row.fields[i].text, row.fields[i].place};
  }
  return cells;
}

/// Too few or too many fields: where, and how many of how many.
std::optional<CsvTrouble> raggedness(const CsvRow& row, std::size_t columns) {
  const auto fields = row.fields.size();
  if (fields == columns) return std::nullopt;
  const auto& place = fields > columns ? row.fields[columns].place : row.place;
  return CsvTrouble{place, fmt::format("this row has {} field{}, and the header has {}", fields,
                                       fields == 1 ? "" : "s", columns)};
}

}  // namespace

void read_csv_list(SourceText& source, TenantCollector& collector, Complaints& complaints, Notices& notices) {
  CsvReader reader(source);
  CsvRow row;
  if (!reader.next(row)) return;
  const auto header = HeaderReader(source, complaints, notices).read(row);
  if (!header) return;
  while (!collector.is_full() && reader.next(row)) {
    const auto trouble = row.trouble ? row.trouble : raggedness(row, header->size());
    if (trouble) {
      complaints.add(trouble->place, trouble->message);
    } else {
      collector.add(cells_of(row, *header));
    }
  }
}

}  // namespace offboard
