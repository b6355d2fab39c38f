#include "cli/sign_in_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace offboard {
namespace {

/// What is left to do once the sentence is heeded.
enum class Then {
  sign_in,
  run_again  ///< the refresh token has nothing to do with it
};

struct Cure {
  std::string_view code;
  std::string_view sentence;
  Then then = Then::sign_in;
};

constexpr std::string_view k_inactive =
    "The refresh token has not been used for 90 days and is dead; sign in again, and run the job at least "
    "that "
    "often.";
constexpr std::string_view k_ended =
    "The refresh token has ended or was revoked: a changed password, an administrator or a policy does that; "
    "sign in again.";
constexpr std::string_view k_second_factor =
    "Multi-factor authentication is due; sign in again, and use the second factor.";
constexpr std::string_view k_proof_missing =
    "The application is a confidential one and has to prove itself; give the job client_secret or "
    "client_certificate.";
constexpr std::string_view k_conditional_access =
    "A Conditional Access policy of the partner's tenant forbids it; its administrator has to let this "
    "application, person, place or device pass.";
constexpr std::string_view k_code_ended = "The code ran out before anybody signed in with it; try again.";
constexpr std::string_view k_declined = "The person said no at the sign-in.";

/// From "Microsoft Entra authentication and authorization error codes" and Partner Center's "REST error
/// codes"; the words without digits are those of RFC 6749 and RFC 8628, for a sign-in service that gives no
/// more.
constexpr std::array k_cures{
    Cure{"AADSTS700082", k_inactive},
    Cure{"AADSTS70008", k_ended},
    Cure{"AADSTS50173", k_ended},
    Cure{"AADSTS50078", k_second_factor},
    Cure{"AADSTS50076", k_second_factor},
    Cure{"AADSTS50079",
         "The person has yet to register for multi-factor authentication; sign in again and do so then."},
    Cure{"AADSTS50074", k_second_factor},
    Cure{"AADSTS7000215",
         "The client secret is wrong; what is wanted is its value, not its id. Put the right one where "
         "client_secret says.",
         Then::run_again},
    Cure{"AADSTS7000222",
         "The client secret has expired; make a new one in the app registration and put it where "
         "client_secret "
         "says.",
         Then::run_again},
    Cure{"AADSTS7000218", k_proof_missing, Then::run_again},
    Cure{"AADSTS700025",
         "The application is a public client; take client_secret or client_certificate out of the job.",
         Then::run_again},
    Cure{"AADSTS700027",
         "The certificate is not one of those in the app registration, or has ended there; upload the one "
         "that "
         "client_certificate names.",
         Then::run_again},
    Cure{"AADSTS700024",
         "The signed assertion came too early or too late; set the clock of this machine right.",
         Then::run_again},
    Cure{"AADSTS53003", k_conditional_access, Then::run_again},
    Cure{"AADSTS530003", k_conditional_access, Then::run_again},
    Cure{"AADSTS53000", k_conditional_access},
    Cure{"AADSTS65001",
         "Nobody has consented to the application; an administrator of the partner's tenant has to grant it "
         "user_impersonation on Partner Center.",
         Then::run_again},
    Cure{"AADSTS700016", "There is no such application in that tenant; look at client_id and tenant.",
         Then::run_again},
    Cure{"AADSTS90002", "There is no such tenant; look at tenant and cloud.", Then::run_again},
    Cure{"AADSTS50057", "The account of the person who signed in is disabled; another one has to sign in."},
    Cure{"AADSTS70020", k_code_ended},
    Cure{"AADSTS70019", k_code_ended},
    Cure{"AADSTS65004", k_declined},
    Cure{"900421",
         "Partner Center wants multi-factor authentication and did not find it in this sign-in; sign in "
         "again, "
         "and use the second factor."},
    Cure{"invalid_token",
         "Partner Center does not take this sign-in, and gives no other reason; it does that for want of "
         "multi-factor authentication too, so sign in again, and use the second factor."},
    Cure{"400",
         "Partner Center denies this sign-in access; the person has to be of the partner's tenant and of the "
         "group AdminAgents, and the application needs user_impersonation on Partner Center."},
    Cure{"900329",
         "Partner Center wants a person behind the application, and this is the application alone; a person "
         "has to sign in."},
    Cure{"900308",
         "The person who signed in is not an admin agent; somebody of the group AdminAgents has to sign in."},
    Cure{"900309", k_conditional_access},
    Cure{"invalid_grant", k_ended},
    Cure{"invalid_client",
         "The application's own proof was not accepted; look at client_id, and at client_secret or "
         "client_certificate.",
         Then::run_again},
    Cure{"too-large",
         "No sign-in service says so much; look at login_url, and at any proxy on the way. The refresh token "
         "was left as it is.",
         Then::run_again},
    Cure{"expired_token", k_code_ended},
    Cure{"access_denied", k_declined},
    Cure{"authorization_declined", k_declined},
};

const Cure* cure_for(std::string_view error_code) {
  const auto* const found =
      std::find_if(k_cures.begin(), k_cures.end(), [&](const Cure& cure) { return cure.code == error_code; });
  return found == k_cures.end() ? nullptr : found;
}

}  // namespace

std::string sign_in_needed(const std::string& error_code, const std::string& why, const std::string& job) {
  // Entra ID begins its words with the code.
  const bool is_said = error_code.empty() || why.starts_with(error_code);
  const auto said = is_said ? why : fmt::format("{}: {}", error_code, why);
  const auto* const cure = cure_for(error_code);
  if (cure == nullptr) return fmt::format("Sign-in is needed ({}): `offboard login {}`.", said, job);
  const auto* const before = cure->then == Then::sign_in ? "" : "Then run it again; if that is refused too, ";
  return fmt::format("Sign-in is needed ({}). {} {}`offboard login {}` signs in.", said, cure->sentence,
                     before, job);
}

}  // namespace offboard
