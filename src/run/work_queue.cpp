#include "run/work_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/defect.hpp"

namespace offboard {
namespace {

/// Tenants. Read in a millisecond or two, and a page lasts for minutes.
constexpr std::int64_t k_page = 500;

}  // namespace

bool WorkQueue::Numbers::add(std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  auto bit = blocks_[bits / k_block][bits % k_block];
  if (bit) return false;
  bit = true;
  return true;
}

void WorkQueue::open() {
  at_start_ = ledger_.work_count();
  read_page();
}

Work WorkQueue::take() {
  ensure(!page_.empty(), "somebody is next");
  auto work = std::move(page_.front());
  page_.pop_front();
  if (work.state != State::withdrawn) ++listed_taken_;
  if (page_.empty()) read_page();
  return work;
}

bool WorkQueue::take_out_of_turn(std::int64_t number) {
  const auto waiting =
      std::find_if(page_.begin(), page_.end(), [&](const Work& work) { return work.number == number; });
  const bool is_waiting = waiting != page_.end();
  if (!is_waiting && !seen_.add(number)) return false;
  ++listed_taken_;
  if (is_waiting) page_.erase(waiting);
  if (page_.empty()) read_page();
  return true;
}

/// Whoever was taken up may stand further down meanwhile: blocked today, or in trouble.
void WorkQueue::read_page() {
  while (page_.empty() && !at_end_) {
    auto read = ledger_.work(last_, k_page);
    at_end_ = static_cast<std::int64_t>(read.size()) < k_page;
    for (auto& work : read) {
      last_ = work.place;
      if (seen_.add(work.number)) page_.push_back(std::move(work));
    }
  }
}

}  // namespace offboard
