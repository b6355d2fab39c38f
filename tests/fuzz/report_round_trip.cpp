#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <base/defect.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <report/write.hpp>

#include "strict_csv.hpp"

namespace offboard::fuzz {
namespace {

using Json = nlohmann::ordered_json;
/// A row as its cells: texts, numbers, null where there is nothing.
using Cells = std::vector<Json>;

/// Makes up values, puts each into a row and keeps it as what must be read back.
class RowMaker {
 public:
  explicit RowMaker(FuzzedDataProvider& input) : input_(input) {}

  void text(std::string& into) {
    into = input_.ConsumeRandomLengthString(40);
    cells_.push_back(into.empty() ? Json() : Json(into));
  }
  void number(std::int64_t& into) {
    into = input_.ConsumeIntegral<std::int64_t>();
    cells_.push_back(into);
  }
  void number(std::optional<std::int64_t>& into) {
    if (input_.ConsumeBool()) into = input_.ConsumeIntegral<std::int16_t>();
    cells_.push_back(into ? Json(*into) : Json());
  }
  template <typename... Texts>
  void texts(Texts&... into) {
    (text(into), ...);
  }
  template <typename... Numbers>
  void numbers(Numbers&... into) {
    (number(into), ...);
  }

  [[nodiscard]] Cells take() { return std::exchange(cells_, {}); }

 private:
  FuzzedDataProvider& input_;
  Cells cells_;
};

void fill(RowMaker& make, TenantRow& row) {
  make.texts(row.tenant_id, row.company_name, row.domain, row.state, row.blockers, row.detail, row.checked_at,
             row.patched_at);
  make.number(row.attempts);
  make.number(row.http_status);
  make.texts(row.error_code, row.request_id, row.correlation_id, row.run_id, row.note);
}

void fill(RowMaker& make, BlockerRow& row) {
  make.texts(row.tenant_id, row.company_name, row.domain, row.code, row.object_id, row.object_name,
             row.object_status, row.what_to_do, row.since);
}

void fill(RowMaker& make, HistoryRow& row) {
  make.number(row.seq);
  make.texts(row.at, row.run_id, row.tenant_id, row.from_state, row.to_state, row.reason);
  make.number(row.http_status);
  make.texts(row.error_code, row.request_id, row.correlation_id, row.hash);
}

void fill(RowMaker& make, RunRow& row) {
  make.texts(row.run_id, row.command, row.started_at, row.ended_at, row.outcome);
  make.number(row.exit_code);
  make.numbers(row.tenants, row.patched, row.blocked, row.failed, row.requests, row.throttled);
  make.texts(row.version, row.user, row.host);
}

/// The contract's columns.
std::string_view header_of(View view) {
  switch (view) {
    case View::tenants:
      return "tenant_id,company_name,domain,state,blockers,detail,checked_at,patched_at,attempts,http_status,"
             "error_code,request_id,correlation_id,run_id,note";
    case View::blockers:
      return "tenant_id,company_name,domain,code,object_id,object_name,object_status,what_to_do,since";
    case View::history:
      return "seq,at,run_id,tenant_id,from_state,to_state,reason,http_status,error_code,request_id,"
             "correlation_id,hash";
    case View::runs:
      return "run_id,command,started_at,ended_at,outcome,exit_code,tenants,patched,blocked,failed,requests,"
             "throttled,version,user,host";
  }
  return "";
}

/// A snapshot with the same few made-up rows in whichever view.
class MadeUpRows final : public RowSource {
 public:
  MadeUpRows(View view, FuzzedDataProvider& input) {
    RowMaker make(input);
    for (auto count = input.ConsumeIntegralInRange(0, 3); count > 0; --count) {
      if (view == View::tenants) add(make, tenants_);
      if (view == View::blockers) add(make, blockers_);
      if (view == View::history) add(make, history_);
      if (view == View::runs) add(make, runs_);
    }
  }

  void for_each_tenant(const RowTaker<TenantRow>& take) const override { each(tenants_, take); }
  void for_each_blocker(const RowTaker<BlockerRow>& take) const override { each(blockers_, take); }
  void for_each_history(const RowTaker<HistoryRow>& take) const override { each(history_, take); }
  void for_each_run(const RowTaker<RunRow>& take) const override { each(runs_, take); }

  [[nodiscard]] const std::vector<Cells>& cells() const { return cells_; }

 private:
  template <typename Row>
  void add(RowMaker& make, std::vector<Row>& rows) {
    fill(make, rows.emplace_back());
    cells_.push_back(make.take());
  }
  template <typename Row>
  static void each(const std::vector<Row>& rows, const RowTaker<Row>& take) {
    for (const auto& row : rows) take(row);
  }

  std::vector<TenantRow> tenants_;
  std::vector<BlockerRow> blockers_;
  std::vector<HistoryRow> history_;
  std::vector<RunRow> runs_;
  std::vector<Cells> cells_;
};

bool is_sound(const Json& text) {
  try {
    static_cast<void>(text.dump());  // throws for what is not UTF-8
  } catch (const Json::type_error&) {
    return false;
  }
  return text.get_ref<const std::string&>().find('\0') == std::string::npos;
}

/// What was read back is what was put in; of a text that is not sound, something sound is left.
void check_value(const Json& read, const Json& put_in) {
  if (put_in.is_string() && !is_sound(put_in)) {
    ensure(read.is_string() && is_sound(read), "what is written is sound UTF-8");
  } else {
    ensure(read == put_in, "what was put in is read back");
  }
}

/// The values that another parser finds in the JSON report, row by row.
std::vector<Cells> read_json(const std::string& text, std::string_view header) {
  std::vector<Cells> rows;
  for (const auto& object : Json::parse(text)) {
    std::string names;
    auto& cells = rows.emplace_back();
    for (const auto& [name, value] : object.items()) {
      names += (names.empty() ? "" : ",") + name;
      cells.push_back(value);
    }
    ensure(names == header, "the names are the contract's");
  }
  return rows;
}

std::string text_of(const Json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void check_csv_cell(const std::string& cell, const Json& value) {
  const auto text = text_of(value);
  ensure(cell == text || (value.is_string() && cell == "'" + text), "CSV and JSON say the same");
  if (value.is_string()) ensure(cell.find_first_of("=+-@\t\r") != 0, "no cell begins like a formula");
}

void check_csv(const std::string& text, std::string_view header, const std::vector<Cells>& rows) {
  ensure(text.starts_with(std::string(header) + "\r\n"), "the first line is the contract's");
  ensure(text.ends_with("\r\n"), "the last line is ended");
  const auto records = strict_csv(text);
  ensure(records && records->size() == rows.size() + 1, "the file is RFC 4180, a record per row");
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto& record = (*records)[row + 1];
    ensure(record.size() == rows[row].size(), "each row has each column");
    for (std::size_t i = 0; i < record.size(); ++i) check_csv_cell(record[i], rows[row][i]);
  }
}

/// Text as a browser sees it.
std::string unescaped(std::string text) {
  constexpr std::array<std::pair<std::string_view, char>, 6> k_references = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&#13;", '\r'}, {"&amp;", '&'}}};
  for (std::size_t at = text.find('&'); at != std::string::npos; at = text.find('&', at + 1)) {
    const auto found = std::find_if(k_references.begin(), k_references.end(), [&](const auto& reference) {
      return text.compare(at, reference.first.size(), reference.first) == 0;
    });
    ensure(found != k_references.end(), "each & begins a reference");
    text.replace(at, found->first.size(), 1, found->second);
  }
  return text;
}

/// Takes what must come next off the front.
void expect(std::string_view& html, std::string_view wanted) {
  ensure(html.starts_with(wanted), "the page has no tag but its own");
  html.remove_prefix(wanted.size());
}

std::string text_before_tag(std::string_view& html) {
  const auto end = html.find_first_of("<>");
  ensure(end != std::string_view::npos && html[end] == '<', "a text ends at a tag");
  std::string text(html.substr(0, end));
  html.remove_prefix(end);
  return unescaped(std::move(text));
}

void check_html_cell(std::string_view& html, const Json& value) {
  const auto text = text_of(value);
  if (value.is_number()) {
    expect(html, "<td class=\"number\">");
    ensure(text_before_tag(html) == text, "HTML and JSON say the same");
  } else if (html.starts_with("<td><span")) {
    expect(html, "<td><span class=\"state " + text + "\">" + text + "</span>");
  } else {
    expect(html, "<td>");
    ensure(text_before_tag(html) == text, "HTML and JSON say the same");
  }
  expect(html, "</td>");
}

void check_html(const std::string& text, const std::vector<Cells>& rows) {
  std::string_view html = text;
  html.remove_prefix(html.find("<h1>"));
  expect(html, "<h1>");
  static_cast<void>(text_before_tag(html));
  expect(html, "</h1>\n<table>\n<caption>");
  static_cast<void>(text_before_tag(html));
  expect(html, "</caption>\n<thead><tr><th scope=\"col\">");
  html.remove_prefix(html.find("<tbody>"));
  expect(html, "<tbody>\n");
  for (const auto& row : rows) {
    expect(html, "<tr>");
    for (const auto& value : row) check_html_cell(html, value);
    expect(html, "</tr>\n");
  }
  expect(html, "</tbody>\n</table>\n");
}

std::string written(View view, Format format, const RowSource& rows, const Heading& heading) {
  std::string text;
  write_report(view, format, rows, heading, [&](std::string_view piece) { text += piece; });
  return text;
}

void check_report(View view, const MadeUpRows& made_up, const Heading& heading) {
  const auto header = header_of(view);
  const auto rows = read_json(written(view, Format::json, made_up, heading), header);
  ensure(rows.size() == made_up.cells().size(), "each row is written");
  for (std::size_t row = 0; row < rows.size(); ++row) {
    ensure(rows[row].size() == made_up.cells()[row].size(), "each column is written");
    for (std::size_t i = 0; i < rows[row].size(); ++i) check_value(rows[row][i], made_up.cells()[row][i]);
  }
  check_csv(written(view, Format::csv, made_up, heading), header, rows);
  check_html(written(view, Format::html, made_up, heading), rows);
}

}  // namespace
}  // namespace offboard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offboard;
  FuzzedDataProvider input(data, size);
  const auto view = input.PickValueInArray({View::tenants, View::blockers, View::history, View::runs});
  const Heading heading{input.ConsumeRandomLengthString(20), input.ConsumeRandomLengthString(20)};
  fuzz::check_report(view, fuzz::MadeUpRows(view, input), heading);
  return 0;
}
