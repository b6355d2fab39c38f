#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "intake/problem.hpp"
#include "intake/tenant_list.hpp"
#include "model/job.hpp"

namespace offboard {

/// Reads a job file. All or nothing: throws InvalidInput with every problem if there is one. Reads no other
/// file: whether the tenant list is there and sound is for read_tenant_list to say.
///
/// Paths in the result are resolved against the job file's folder, those in report templates and the program
/// of a secret's command (if it has a slash) too; addresses have no slash at the end.
[[nodiscard]] Job read_job(const std::filesystem::path& path);

struct JobAndList {
  Job job;
  TenantListReading list;
};

/// Tells the digest of a list that need not be read again; empty if there is none.
using KnownList = std::function<std::string(const Job&)>;

/// Reads a job file and the tenant list it names. All or nothing: throws InvalidInput with the problems of
/// both.
[[nodiscard]] JobAndList read_job_and_list(const std::filesystem::path& path, const KnownList& known);

}  // namespace offboard
