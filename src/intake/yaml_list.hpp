#pragma once
#include "intake/tenant_collector.hpp"

namespace offboard {

/// Hands every item of a YAML tenant list to the collector while it is being read, and complains about what
/// is no sound item. Throws InvalidInput as read_yaml does.
void read_yaml_list(SourceText& source, TenantCollector& collector, Complaints& complaints);

}  // namespace offboard
