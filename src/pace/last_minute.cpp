#include "pace/last_minute.hpp"

namespace offboard {

void LastMinute::sent(Instant at) {
  const auto number = number_of(at);
  auto& step = steps_[static_cast<std::size_t>(number) % k_steps];
  if (step.number != number) step = {number, 0, 0};
  ++step.sent;
}

void LastMinute::refused(Instant sent_at) {
  const auto number = number_of(sent_at);
  auto& step = steps_[static_cast<std::size_t>(number) % k_steps];
  if (step.number == number) ++step.refused;
}

template <typename Count>
int LastMinute::sum(Instant from, Instant to, Count count) const {
  int total = 0;
  for (const auto& step : steps_) {
    if (step.number > number_of(from) && step.number <= number_of(to)) total += count(step);
  }
  return total;
}

int LastMinute::all(Instant from, Instant to) const {
  return sum(from, to, [](const Step& step) { return step.sent; });
}

int LastMinute::accepted(Instant from, Instant to) const {
  return sum(from, to, [](const Step& step) { return step.sent - step.refused; });
}

}  // namespace offboard
