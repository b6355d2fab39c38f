#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "pace/retry.hpp"
#include "partner_center/ask.hpp"

namespace offboard {

/// With fewer tenants to read, one by one, the list is not asked for.
inline constexpr std::int64_t k_list_worth_from = 100;

/// The service's list of its customers, read page by page in place of one read per tenant for as long as that
/// is cheaper. How many customers there are, and in what order they come, is unknown: a page is asked for
/// only while the pages asked for so far have saved more reads than they cost, but for the two at the
/// beginning. What goes wrong with it goes wrong for nobody: then the tenants are read one by one.
/// Pure: the runner sends, and decides what on a page can be believed.
class CustomerList {
 public:
  /// `to_read`: tenants whose customer must be read in this run.
  CustomerList(std::int64_t to_read, std::int64_t worth_from)
      : to_read_(to_read), is_over_(to_read < worth_from) {}

  /// Should the next page be asked for now?
  [[nodiscard]] bool wants_page(Instant now) const;

  /// Asks for it.
  [[nodiscard]] Ask next_page(const Guid& request_id, const Guid& correlation_id, Instant now);

  /// Until when it is worth while to wait for the page that is out, rather than to read somebody who may be
  /// on it; nothing if none is out.
  [[nodiscard]] std::optional<Instant> awaited_until() const;

  /// An answer came: where the next page is, or when to ask again. The items are the caller's.
  void take(const Reply& reply, const RetryLimits& limits, Instant now, Random& random);

  /// A tenant needs no read of its own any more: its customer stood on a page,
  void note_saved() { ++saved_, --to_read_; }
  /// or has been read by itself.
  void note_read() { --to_read_; }

  [[nodiscard]] bool is_out() const { return asked_at_.has_value(); }

 private:
  void take_page(const CustomerPage& page);

  std::int64_t to_read_;
  bool is_over_;
  std::int64_t asked_ = 0;  // requests
  std::int64_t saved_ = 0;
  std::optional<Instant> asked_at_;
  Instant not_before_{};
  std::optional<PageLink> page_;
  std::set<std::size_t> seen_pages_;  // hashes of what identifies them
  int unanswered_ = 0;                // in a row, likewise the others
  int throttled_ = 0;
  int unauthorized_ = 0;
};

}  // namespace offboard
