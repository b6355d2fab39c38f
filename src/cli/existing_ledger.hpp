#pragma once
#include <filesystem>

#include "intake/job_file.hpp"
#include "intake/problem.hpp"

namespace offboard {

/// For the commands that only look: a job whose ledger does not exist yet is the user's mistake, with a cure.
inline void require_ledger(const Job& job, const std::filesystem::path& job_file) {
  if (std::filesystem::exists(job.ledger)) return;
  throw InvalidInput({job_file.string(), 1, 1,
                      "there is no ledger yet (" + job.ledger.string() + "); `offboard check " +
                          job_file.string() + "` makes one"});
}

}  // namespace offboard
