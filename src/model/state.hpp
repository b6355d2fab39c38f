#pragma once
#include <array>
#include <optional>
#include <string_view>

namespace offboard {

/// Where a tenant stands. The sentences are the contract's.
enum class State {
  pending,    ///< listed; nothing is known yet
  checked,    ///< what the service says was read and recorded, with when
  blocked,    ///< something stands in the way; every blocker is recorded; checked again next run
  ready,      ///< nothing stands in the way
  patching,   ///< the intent to remove the relationship and its request id are on disk; the answer is not
  patched,    ///< the service confirmed that the relationship is removed
  failed,     ///< a definite answer that needs a person
  withdrawn,  ///< no longer on the list
};

inline constexpr std::array k_all_states = {State::pending, State::checked,  State::blocked,
                                            State::ready,   State::patching, State::patched,
                                            State::failed,  State::withdrawn};

[[nodiscard]] std::string_view name_of(State state);
[[nodiscard]] std::optional<State> state_named(std::string_view name);

/// The one table of legal moves. Every move in the ledger is one of these; any other is a defect.
[[nodiscard]] bool is_legal_move(State from, State to);

}  // namespace offboard
