#include <cstdio>

#include "base/defect.hpp"
#include "base/secret.hpp"
#include "base/wiped_memory.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"

int main(int argc, char** argv) try {
  offboard::forbid_core_dumps();
  offboard::let_openssl_wipe();
  return offboard::run_program(argc, argv);
} catch (const offboard::MachineTrouble& trouble) {
  std::fprintf(stderr, "%s\n", trouble.what());
  return offboard::k_exit_trouble;
}
