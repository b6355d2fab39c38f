#include "report/html.hpp"

#include <fmt/format.h>

#include "model/state.hpp"
#include "report/html_style.hpp"

namespace offboard::table {
namespace {

/// Safe as the content of an element and inside a quoted attribute. A carriage return is written as a
/// reference too, because a browser reads a plain one as a line feed.
std::string escape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      case '\r': result += "&#13;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string_view title_of(View view) {
  switch (view) {
    case View::tenants: return "Tenants";
    case View::blockers: return "Blockers";
    case View::history: return "History";
    case View::runs: return "Runs";
  }
  return "";
}

std::string_view caption_of(View view) {
  switch (view) {
    case View::tenants: return "A row per listed tenant, in list order";
    case View::blockers:
      return "A row per blocker: what must be ended before the relationship can be removed";
    case View::history: return "A row per state change, oldest first";
    case View::runs: return "A row per check or run";
  }
  return "";
}

std::string html_of(Kind /*kind*/, std::monostate /*nothing*/) {
  return "<td></td>";
}

std::string html_of(Kind /*kind*/, std::int64_t number) {
  return fmt::format("<td class=\"number\">{}</td>", number);
}

/// Only a word that the program knows becomes a class, so that no content reaches an attribute.
std::string html_of(Kind kind, std::string_view text) {
  if (kind == Kind::state && state_named(text))
    return fmt::format("<td><span class=\"state {0}\">{0}</span></td>", text);
  return fmt::format("<td>{}</td>", escape(text));
}

class HtmlWriter final : public Writer {
 public:
  HtmlWriter(View view, const Heading& heading, const Sink& sink)
      : view_(view),
        job_(escape(sound_text(heading.job))),
        as_of_(heading.as_of),
        signed_in_(heading.signed_in),
        sink_(sink) {}

  void begin(std::span<const Head> heads) override {
    sink_(fmt::format(k_html_head, fmt::arg("title", title_of(view_)), fmt::arg("job", job_),
                      fmt::arg("style_hash", k_html_style_hash), fmt::arg("style", k_html_style)));
    sink_(fmt::format("<table>\n<caption>{}{}</caption>\n<thead><tr>", caption_of(view_),
                      said("as of ", as_of_) + said("signed in as ", signed_in_)));
    for (const auto& head : heads) sink_(fmt::format("<th scope=\"col\">{}</th>", escape(head.name)));
    sink_("</tr></thead>\n<tbody>\n");
  }

  void row(std::span<const Cell> cells) override {
    std::string line = "<tr>";
    for (const auto& cell : cells)
      line += std::visit([&](const auto& value) { return html_of(cell.head.kind, value); }, cell.value);
    sink_(line + "</tr>\n");
    ++rows_;
  }

  void end() override {
    sink_(
        fmt::format("</tbody>\n</table>\n<p>{} row{}</p>\n</body>\n</html>\n", rows_, rows_ == 1 ? "" : "s"));
  }

 private:
  [[nodiscard]] static std::string said(std::string_view before, const std::string& text) {
    return text.empty() ? "" : fmt::format("; {}{}", before, escape(sound_text(text)));
  }

  View view_;
  std::string job_;  // escaped
  std::string as_of_;
  std::string signed_in_;
  const Sink& sink_;
  std::uint64_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Writer> html_writer(View view, const Heading& heading, const Sink& sink) {
  return std::make_unique<HtmlWriter>(view, heading, sink);
}

}  // namespace offboard::table
