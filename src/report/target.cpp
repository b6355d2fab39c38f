#include "report/target.hpp"

namespace offboard {
namespace {

constexpr std::string_view k_date = "{date}";
constexpr std::string_view k_run = "{run}";

}  // namespace

std::string expand(std::string_view pattern, UtcTime run_start, std::string_view run_id) {
  std::string result;
  while (!pattern.empty()) {
    if (pattern.starts_with(k_date)) {
      result += date_text(run_start);
      pattern.remove_prefix(k_date.size());
    } else if (pattern.starts_with(k_run)) {
      result += run_id;
      pattern.remove_prefix(k_run.size());
    } else {
      result += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return result;
}

}  // namespace offboard
