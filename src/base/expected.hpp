#pragma once
#include <tl/expected.hpp>

namespace offboard {

/// An expected failure is a value. Every function that returns one is marked [[nodiscard]], because
/// tl::expected 1.0 itself is not.
template <typename Value, typename Failure>
using Expected = tl::expected<Value, Failure>;

template <typename Failure>
[[nodiscard]] auto failure(Failure&& reason) {
  return tl::make_unexpected(std::forward<Failure>(reason));
}

}  // namespace offboard
