#include <dlfcn.h>
#include <netdb.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <string_view>

#include "scripted_server.hpp"

namespace {

constexpr std::string_view k_name = "service.test";
std::atomic<int> lookups = 0;

}  // namespace

/// In front of the system's: knows one name more, and counts how often it is asked for that.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  using Lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto of_the_system = reinterpret_cast<Lookup>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  const bool is_ours = name != nullptr && name == k_name;
  if (is_ours) ++lookups;
  return of_the_system(is_ours ? "127.0.0.1" : name, service, hints, found);
}

namespace offboard::test {

TEST_CASE("a name that one transport has looked up is known to those that share with it, and to no others") {
  use_curl();
  ScriptedServer server({{answer("200 OK", "{}")}});
  auto url = server.url();
  url.replace(url.find("127.0.0.1"), std::string_view("127.0.0.1").size(), k_name);
  const auto share = std::make_shared<CurlShare>();
  lookups = 0;
  for (int i = 0; i < 3; ++i) REQUIRE(CurlTransport(share).exchange(patch(url)));
  CHECK(lookups == 1);
  REQUIRE(CurlTransport().exchange(patch(url)));
  CHECK(lookups == 2);
}

}  // namespace offboard::test
