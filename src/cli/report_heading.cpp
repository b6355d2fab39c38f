#include "cli/report_heading.hpp"

namespace offboard {

Heading heading_of(const Job& job, const LedgerReader& reader) {
  Heading heading{job.name, "", ""};
  reader.for_each_run([&](const RunRow& run) {
    heading.as_of = run.ended_at.empty() ? run.started_at : run.ended_at;
    heading.signed_in = run.signed_in;
  });
  return heading;
}

}  // namespace offboard
