#include "base/secret.hpp"
#include "cli/commands.hpp"

int main(int argc, char** argv) {
  offboard::forbid_core_dumps();
  return offboard::run_program(argc, argv);
}
