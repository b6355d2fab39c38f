#include <catch2/catch.hpp>
#include <model/state.hpp>
#include <set>
#include <string>
#include <vector>

namespace offboard {
namespace {

enum class Move { legal, illegal };

struct Cell {
  State to;
  Move move;
  std::string reason;
};

struct Row {
  State from;
  std::vector<Cell> cells;
};

constexpr Move yes = Move::legal;
constexpr Move no = Move::illegal;

/// The contract's diagram and the sentences around it, cell by cell.
const std::vector<Row> k_table = {
    {State::pending,
     {{State::pending, no, "standing still is no move"},
      {State::checked, yes, "what the service says was read"},
      {State::blocked, no, "what blocks is known from a check only"},
      {State::ready, no, "that nothing blocks is known from a check only"},
      {State::patching, no, "promise 1: never without facts"},
      {State::patched, no, "a check comes first, also for one that is already removed"},
      {State::failed, yes, "any state but patched can fail"},
      {State::withdrawn, yes, "any state but patched can be withdrawn"}}},
    {State::checked,
     {{State::pending, no, "what was read is not forgotten"},
      {State::checked, no, "a re-check that finds nothing new adds no history"},
      {State::blocked, yes, "the check found something"},
      {State::ready, yes, "the check found nothing"},
      {State::patching, no, "the decision comes first"},
      {State::patched, yes, "no relationship any more: already removed"},
      {State::failed, yes, "any state but patched can fail"},
      {State::withdrawn, yes, "any state but patched can be withdrawn"}}},
    {State::blocked,
     {{State::pending, no, "what was read is not forgotten"},
      {State::checked, yes, "the next run checks again"},
      {State::blocked, no, "new blockers come from a new check"},
      {State::ready, no, "a new check comes first"},
      {State::patching, no, "promise 4: none patched while blocked"},
      {State::patched, no, "a new check comes first"},
      {State::failed, yes, "any state but patched can fail"},
      {State::withdrawn, yes, "any state but patched can be withdrawn"}}},
    {State::ready,
     {{State::pending, no, "what was read is not forgotten"},
      {State::checked, yes, "the next run checks again"},
      {State::blocked, no, "a new check comes first"},
      {State::ready, no, "standing still is no move"},
      {State::patching, yes, "the intent is recorded"},
      {State::patched, no, "promise 2: never without an intent"},
      {State::failed, yes, "any state but patched can fail"},
      {State::withdrawn, yes, "any state but patched can be withdrawn"}}},
    {State::patching,
     {{State::pending, no, "an open PATCH is not forgotten"},
      {State::checked, yes, "facts show a blocker"},
      {State::blocked, no, "by way of checked"},
      {State::ready, no, "it stays in patching while nothing blocks"},
      {State::patching, no, "a repeat is the same intent"},
      {State::patched, yes, "the service confirmed it, or a read-back did"},
      {State::failed, yes, "any state but patched can fail"},
      {State::withdrawn, yes, "any state but patched can be withdrawn"}}},
    {State::patched,
     {{State::pending, no, "patched is the end"},
      {State::checked, no, "patched is the end"},
      {State::blocked, no, "patched is the end"},
      {State::ready, no, "patched is the end"},
      {State::patching, no, "promise 4: none patched twice"},
      {State::patched, no, "patched is the end"},
      {State::failed, no, "the diagram: any state but patched"},
      {State::withdrawn, no, "the diagram: any state but patched"}}},
    {State::failed,
     {{State::pending, yes, "retry_failed takes it up again"},
      {State::checked, no, "finished until retry_failed, which begins at pending"},
      {State::blocked, no, "finished until retry_failed"},
      {State::ready, no, "finished until retry_failed"},
      {State::patching, no, "finished until retry_failed"},
      {State::patched, no, "finished until retry_failed"},
      {State::failed, no, "standing still is no move"},
      {State::withdrawn, yes, "any state but patched can be withdrawn"}}},
    {State::withdrawn,
     {{State::pending, yes, "one that returns starts again from pending"},
      {State::checked, no, "off the list, nothing is begun"},
      {State::blocked, no, "off the list, nothing is begun"},
      {State::ready, no, "off the list, nothing is begun"},
      {State::patching, no, "one that left the list is never patched"},
      {State::patched, yes, "a PATCH that was open when it left turned out to have worked"},
      {State::failed, no, "off the list, nobody is asked to act on it"},
      {State::withdrawn, no, "standing still is no move"}}},
};

}  // namespace

TEST_CASE("the legal moves are those of the contract's diagram, and no others") {
  std::set<std::pair<State, State>> looked_at;
  for (const auto& row : k_table) {
    for (const auto& cell : row.cells) {
      INFO(name_of(row.from) << " to " << name_of(cell.to) << ": " << cell.reason);
      CHECK(is_legal_move(row.from, cell.to) == (cell.move == Move::legal));
      looked_at.insert({row.from, cell.to});
    }
  }
  CHECK(looked_at.size() == k_all_states.size() * k_all_states.size());
}

TEST_CASE("from every state but patched there is a way to patched") {
  for (const auto start : k_all_states) {
    std::set<State> reached = {start};
    for (std::size_t round = 0; round < k_all_states.size(); ++round)
      for (const auto from : k_all_states)
        for (const auto to : k_all_states)
          if (reached.count(from) != 0 && is_legal_move(from, to)) reached.insert(to);
    INFO(name_of(start));
    CHECK(reached.count(State::patched) == 1);
    CHECK(reached.size() == (start == State::patched ? 1 : k_all_states.size()));
  }
}

}  // namespace offboard
