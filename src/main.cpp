#include "cli/commands.hpp"

int main(int argc, char** argv) {
  return offboard::run_program(argc, argv);
}
