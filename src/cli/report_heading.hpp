#pragma once
#include "ledger/reader.hpp"
#include "model/job.hpp"
#include "report/write.hpp"

namespace offboard {

/// When the ledger last changed and who signed in for that, going by its own rows: the same ledger gives the
/// same bytes.
[[nodiscard]] Heading heading_of(const Job& job, const LedgerReader& reader);

}  // namespace offboard
