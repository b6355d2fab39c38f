#pragma once
#include <string>

#include "http/transport.hpp"
#include "http/url.hpp"
#include "model/job.hpp"
#include "partner_center/ask.hpp"

namespace offboard {

/// Partner Center in our nouns: addresses, headers and JSON live in this room alone.
///
/// Headers and body of each request follow the service's "Partner Center REST headers" page and the pages of
/// the single operations. A removal and a sign-in go over a fresh connection, because they must not reach the
/// server twice.
///
/// Thread-safe: it holds settings only.
class Client {
 public:
  Client(const PartnerCenterSettings& settings, const RetrySettings& retry, const Clock& clock);

  /// Sends one request and reads its answer. Never throws for anything the network or the service does. No
  /// secret ever stands in the reply's evidence.
  [[nodiscard]] Reply perform(const Ask& ask, Transport& transport) const;

 private:
  [[nodiscard]] HttpRequest request_for(const Ask& ask) const;
  [[nodiscard]] std::string address_of(const Ask& ask) const;
  [[nodiscard]] std::optional<Ask> asserted(const Ask& ask) const;

  Url base_;
  std::string customers_url_;
  std::string sign_in_url_;
  std::string client_id_;
  RetrySettings retry_;
  const Clock& clock_;
};

}  // namespace offboard
