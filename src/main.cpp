#include "base/secret.hpp"
#include "base/wiped_memory.hpp"
#include "cli/commands.hpp"

int main(int argc, char** argv) {
  offboard::forbid_core_dumps();
  offboard::let_openssl_wipe();
  return offboard::run_program(argc, argv);
}
