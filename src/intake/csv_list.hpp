#pragma once
#include "intake/tenant_collector.hpp"

namespace offboard {

/// Hands every row of a CSV tenant list to the collector; complains about what is no sound row.
void read_csv_list(SourceText& source, TenantCollector& collector, Complaints& complaints, Notices& notices);

}  // namespace offboard
