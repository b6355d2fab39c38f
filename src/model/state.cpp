#include "model/state.hpp"

#include <algorithm>
#include <initializer_list>

namespace offboard {
namespace {

bool any_of(State state, std::initializer_list<State> list) {
  return std::find(list.begin(), list.end(), state) != list.end();
}

}  // namespace

std::string_view name_of(State state) {
  switch (state) {
    case State::pending: return "pending";
    case State::checked: return "checked";
    case State::blocked: return "blocked";
    case State::ready: return "ready";
    case State::patching: return "patching";
    case State::patched: return "patched";
    case State::failed: return "failed";
    case State::withdrawn: return "withdrawn";
  }
  return "";
}

std::optional<State> state_named(std::string_view name) {
  const auto found = std::find_if(k_all_states.begin(), k_all_states.end(),
                                  [&](State state) { return name_of(state) == name; });
  return found == k_all_states.end() ? std::nullopt : std::optional(*found);
}

bool is_legal_move(State from, State to) {
  switch (from) {
    case State::pending: return any_of(to, {State::checked, State::failed, State::withdrawn});
    // checked to patched: the service reports no relationship any more, so there is nothing to send.
    case State::checked:
      return any_of(to, {State::blocked, State::ready, State::patched, State::failed, State::withdrawn});
    case State::blocked: return any_of(to, {State::checked, State::failed, State::withdrawn});
    case State::ready: return any_of(to, {State::checked, State::patching, State::failed, State::withdrawn});
    case State::patching:
      return any_of(to, {State::patched, State::checked, State::failed, State::withdrawn});
    case State::patched: return false;
    // failed to pending: the operator set retry_failed.
    case State::failed: return any_of(to, {State::pending, State::withdrawn});
    // withdrawn to patched: a PATCH that was under way when the tenant left the list turned out to have
    // worked.
    case State::withdrawn: return any_of(to, {State::pending, State::patched});
  }
  return false;
}

}  // namespace offboard
