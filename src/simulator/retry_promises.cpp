#include "simulator/retry_promises.hpp"

namespace offboard::simulator {
namespace {

std::optional<UtcTime> end_of(const std::string& retry_after, UtcTime now) {
  constexpr std::size_t k_digits = 9;
  const bool number = !retry_after.empty() && retry_after.size() <= k_digits &&
                      retry_after.find_first_not_of("0123456789") == std::string::npos;
  return number ? std::optional(now + seconds(std::stol(retry_after))) : parse_http_date(retry_after);
}

}  // namespace

void RetryPromises::note(const std::string& customer, ThrottleScope scope, UtcTime now,
                         const std::string& retry_after) {
  const auto until = end_of(retry_after, now);
  if (!until) return;
  customers_[customer] = {now, *until};
  if (scope == ThrottleScope::partner && (!partner_ || partner_->until < *until)) partner_ = {now, *until};
}

std::optional<Early> RetryPromises::early(const std::string& customer, UtcTime now) {
  const auto own = customers_.find(customer);
  if (own != customers_.end() && now < own->second.until)
    return Early{EarlyScope::customer, own->second.until - now, now - own->second.given};
  if (own != customers_.end()) customers_.erase(own);
  if (partner_ && now < partner_->until)
    return Early{EarlyScope::partner, partner_->until - now, now - partner_->given};
  partner_.reset();
  return std::nullopt;
}

}  // namespace offboard::simulator
