#include "ledger/run_lock.hpp"

#include "base/defect.hpp"
#include "base/file.hpp"

namespace offboard {

std::optional<RunLock> RunLock::take(const std::filesystem::path& ledger) {
  make_parent_folder(ledger);
  auto lock = FileLock::take(ledger);
  if (lock) return RunLock(std::move(*lock));
  if (lock.error().kind == LockTroubleKind::held) return std::nullopt;
  throw MachineTrouble(lock.error().message);
}

}  // namespace offboard
