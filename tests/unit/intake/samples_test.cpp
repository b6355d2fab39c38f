#include <catch2/catch.hpp>
#include <filesystem>

#include "given_file.hpp"
#include "intake/job_file.hpp"
#include "intake/tenant_list.hpp"

namespace offboard {
namespace {

const std::filesystem::path k_source = OFFBOARD_SOURCE_DIR;

TEST_CASE("every job that comes with the project is sound, and so is its list") {
  for (const auto* name :
       {"jobs/nightly.yaml", "jobs/check-only.yaml", "jobs/first-batch.yaml", "samples/demo.yaml"}) {
    INFO(name);
    const auto job = read_job(k_source / name);
    const auto list = test::read_list(job.tenants);
    CHECK(list.tenants.size() > 10);
    CHECK(list.notices.empty());
  }
}

TEST_CASE("the sample lists say the same in CSV and YAML") {
  CHECK(test::read_list(k_source / "samples/tenants.csv").tenants ==
        test::read_list(k_source / "samples/tenants.yaml").tenants);
}

TEST_CASE("the nightly job says what the defaults are, but for its limits") {
  const auto job = read_job(k_source / "jobs/nightly.yaml");
  CHECK(job.workers == Job{}.workers);
  CHECK(job.policy.recheck_after == Policy{}.recheck_after);
  CHECK(job.retry.max_attempts == RetrySettings{}.max_attempts);
  CHECK(job.retry.max_wait == RetrySettings{}.max_wait);
  CHECK(job.retry.timeout == RetrySettings{}.timeout);
  CHECK(job.retry.connect_timeout == RetrySettings{}.connect_timeout);
  CHECK(job.policy.max_patches == 500);
  CHECK(job.policy.deadline == std::chrono::hours(5));
}

}  // namespace
}  // namespace offboard
