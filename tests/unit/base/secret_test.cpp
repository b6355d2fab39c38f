#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <base/secret.hpp>
#include <catch2/catch.hpp>
#include <type_traits>

namespace offboard {
namespace {

const std::string k_short = "s3cret";               // lives within the string object
const std::string k_long = std::string(4000, 'k');  // lives on the heap

}  // namespace

TEST_CASE("a secret gives its text when asked by name") {
  CHECK(Secret(k_short).reveal() == k_short);
  CHECK(Secret(k_long).reveal() == k_long);
  CHECK(Secret().empty());
  CHECK_FALSE(Secret(k_short).empty());
}

TEST_CASE("a secret that was moved from is empty") {
  const auto text = GENERATE(k_short, k_long);
  Secret first(text);
  Secret second(std::move(first));
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): that is the point
  CHECK(second.reveal() == text);
  Secret third(std::string("old"));
  third = std::move(second);
  CHECK(second.empty());  // NOLINT(bugprone-use-after-move)
  CHECK(third.reveal() == text);
}

TEST_CASE("a moved-from short secret leaves no byte behind in its object") {
  Secret first(k_short);
  const char* place = first.reveal().data();
  const Secret second(std::move(first));
  CHECK(std::string_view(place, k_short.size()) == std::string(k_short.size(), '\0'));
  CHECK(second.reveal() == k_short);
}

TEST_CASE("copying a secret leaves both with the text, and assigning it to itself changes nothing") {
  Secret one(k_long);
  const Secret copy(one);
  CHECK(copy.reveal() == k_long);
  CHECK(one.reveal() == k_long);
  const Secret& same = one;
  one = same;
  CHECK(one.reveal() == k_long);
  Secret& itself = one;
  one = std::move(itself);
  CHECK(one.reveal() == k_long);
  one = Secret(k_short);
  CHECK(one.reveal() == k_short);
  CHECK(copy.reveal() == k_long);
}

TEST_CASE("a secret does not turn into a text, nor a text into a secret, by itself") {
  CHECK_FALSE(std::is_convertible_v<Secret, std::string>);
  CHECK_FALSE(std::is_convertible_v<Secret, std::string_view>);
  CHECK_FALSE(std::is_convertible_v<std::string, Secret>);
}

TEST_CASE("a text that is wiped leaves no byte behind") {
  std::string text = k_short;
  const char* place = text.data();
  wipe(text);
  CHECK(text.empty());
  CHECK(std::string_view(place, k_short.size()) == std::string(k_short.size(), '\0'));
}

TEST_CASE("a process that forbids core dumps leaves none, by limit and by flag") {
  const pid_t child = ::fork();
  if (child == 0) {
    forbid_core_dumps();
    rlimit limit{1, 1};
    const bool is_zero = ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
    ::_exit(is_zero && ::prctl(PR_GET_DUMPABLE) == 0 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

}  // namespace offboard
