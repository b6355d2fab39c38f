#pragma once
#include <chrono>
#include <cstddef>

#include "base/time.hpp"

namespace offboard::limits {

/// Every limit of this room, with its unit and its reason. Sizes are in bytes.

/// The system's bundle of all public authorities has a quarter of this.
inline constexpr std::size_t k_ca_file = 1024UL * 1024;
/// The largest job file in use has some 40 lines; a larger one is a mistaken path.
inline constexpr std::size_t k_job_file = 1024UL * 1024;
/// A million rows with all four columns are about 150 MB.
inline constexpr std::size_t k_tenant_list = 512UL * 1024 * 1024;
/// A longer CSV field is a quote that was never closed, not a text.
inline constexpr std::size_t k_csv_field = 64UL * 1024;
/// Columns. Partner Center's own export has fewer than 20.
inline constexpr std::size_t k_csv_columns = 1000;
/// Tenants. Several times the largest reseller; the ledger is measured up to here.
inline constexpr std::size_t k_tenants = 1'000'000;
/// Levels of lists and maps. The deepest thing that a job file says is on level 4.
inline constexpr std::size_t k_yaml_depth = 32;
/// Problems and warnings that are kept with their text; the rest are counted. Nobody reads more, and a list
/// with every row wrong must not hold a million messages.
inline constexpr std::size_t k_kept_messages = 50;
/// The service allows 256 characters; this leaves room for four bytes each.
inline constexpr std::size_t k_company_name = 1000;
/// The longest name that DNS allows is 253; a bit more, since this is only compared.
inline constexpr std::size_t k_domain = 255;
/// A note is repeated in every report.
inline constexpr std::size_t k_note = 10'000;
/// A job's name stands in every log line and at the head of reports.
inline constexpr std::size_t k_job_name = 200;
/// The system's own limit for a path.
inline constexpr std::size_t k_path = 4096;
/// A value that is shown in a message.
inline constexpr std::size_t k_shown = 60;
/// Any longer wait is a typing mistake; it also keeps every sum of durations far from overflow.
inline constexpr milliseconds k_longest_duration = std::chrono::hours(365 * 24);
/// Threads; each has a connection of its own.
inline constexpr int k_workers = 256;
/// Requests. More than any one process can send; a larger ceiling is none.
inline constexpr int k_per_minute = 1'000'000;
/// Per request.
inline constexpr int k_attempts = 100;

}  // namespace offboard::limits
