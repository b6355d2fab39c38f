#include <base/defect.hpp>
#include <base/text.hpp>
#include <cstdint>
#include <partner_center/claims.hpp>
#include <string>
#include <string_view>

namespace offboard::fuzz {
namespace {

constexpr std::size_t k_longest_line = 500;

void check_text(const std::string& text) {
  ensure(text.size() <= k_longest_line, "what a claim says is short");
  ensure(!first_invalid_utf8(text), "and UTF-8");
  for (const char c : text) ensure(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "and moves no cursor");
}

void check_token(std::string_view token) {
  const auto claims = read_claims(token);
  if (!claims) return;
  check_text(claims->tenant);
  check_text(claims->user);
  check_text(claims->application);
  const bool claims_mfa = claims->second_factor == SecondFactor::used;
  // "mfa" in base64 has many spellings; that there is no token as short that says so is enough here.
  ensure(!claims_mfa || token.size() >= std::string_view("x.eyJhbXIiOlsibWZhIl19.").size(),
         "a second factor is not made up");
}

}  // namespace
}  // namespace offboard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  offboard::fuzz::check_token({reinterpret_cast<const char*>(data), size});
  return 0;
}
