#include "report/view.hpp"

namespace offboard {

std::string_view name_of(View view) {
  switch (view) {
    case View::tenants: return "tenants";
    case View::blockers: return "blockers";
    case View::history: return "history";
    case View::runs: return "runs";
  }
  return "";
}

std::string_view name_of(Format format) {
  switch (format) {
    case Format::csv: return "csv";
    case Format::json: return "json";
    case Format::html: return "html";
  }
  return "";
}

}  // namespace offboard
