#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/time.hpp"
#include "simulator/call.hpp"

namespace offboard::simulator {

/// How the person behind a device code decides.
enum class DeviceOutcome { granted, declined, expired };

/// Whose access tokens open the door. `any_bearer` is for a sign-in service of its own elsewhere, with
/// something in front of the simulator that lets nobody pass whose token it did not issue.
enum class Trust { own_tokens, any_bearer };

/// What the sign-in service demands. What is absent is not checked.
struct SignInRules {
  std::optional<std::string> tenant;
  std::optional<std::string> client_id;
  std::optional<std::string> client_secret;
  std::optional<std::string> refresh_token;
  seconds access_token_life{3600};
  bool rotate = true;                 // every answer brings a new refresh token
  bool strict_rotation = false;       // and the older ones stop working
  std::optional<std::string> refuse;  // AADSTS code for every refresh token, until somebody signs in anew
  int device_code_pending = 1;        // how often the answer is "not yet"
  DeviceOutcome device_code_outcome = DeviceOutcome::granted;
  Trust trust = Trust::own_tokens;
};

/// The sign-in service of one world. A value: a copy is a rehearsal.
class SignIn {
 public:
  SignIn(SignInRules rules, std::uint64_t seed);

  /// Answers a `token` or `device_code` call. A 200 of the former has issued tokens.
  [[nodiscard]] Reply answer(const Call& call, const Request& request, UtcTime now);
  /// Whether the bearer token is one of ours and still valid; with Trust::any_bearer, whether there is one.
  [[nodiscard]] bool admits(const Request& request, UtcTime now) const;

  /// What must survive a restart, one line of JSON.
  [[nodiscard]] std::string memory() const;
  void remember(const std::string& memory);

  /// What a client would present next.
  [[nodiscard]] const std::string& current_refresh_token() const { return current_; }

 private:
  [[nodiscard]] Reply token(const Request& request, UtcTime now);
  [[nodiscard]] Reply device_code(UtcTime now);
  [[nodiscard]] std::optional<Reply> refuse_client(const Call& call, const Request& request,
                                                   UtcTime now) const;
  [[nodiscard]] Reply redeem_device_code(const std::string& code, UtcTime now);
  [[nodiscard]] bool accepts(const std::string& refresh_token) const;
  [[nodiscard]] Reply issue(UtcTime now);

  SignInRules rules_;
  std::uint64_t seed_;
  std::string current_;
  std::set<std::string> refresh_tokens_;
  std::map<std::string, UtcTime> access_tokens_;  // and when each ends
  std::map<std::string, int> device_codes_;       // and how often each was asked for
  std::uint64_t issued_ = 0;
  bool signed_in_anew_ = false;
};

}  // namespace offboard::simulator
