#pragma once

namespace offboard::test {

/// Lets SQLite take its memory from lists of blocks that are never given back: half of what a simulated night
/// asks of malloc() is asked by SQLite, which takes and returns the same sizes over and over. For one thread,
/// and before SQLite is used for the first time.
void let_sqlite_keep_its_memory();

}  // namespace offboard::test
