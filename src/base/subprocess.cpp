#include "base/subprocess.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>
#include <thread>

extern char** environ;

namespace offboard {
namespace {

using Steady = std::chrono::steady_clock;

struct Started {
  pid_t pid = -1;
  int output = -1;
};

Expected<Started, std::string> start(const std::vector<std::string>& command) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(std::system_category().message(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  // The program blocks SIGTERM and SIGINT and ignores SIGPIPE; a child must not inherit that.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &broken_pipe);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  Started started;
  const int error =
      ::posix_spawnp(&started.pid, arguments.front(), &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    return failure(fmt::format("{}: {}", command.front(), std::system_category().message(error)));
  }
  started.output = ends[0];
  return started;
}

enum class Ending { output_closed, out_of_time, too_much };

Ending read_until_closed(int output, Steady::time_point until, std::size_t max_bytes, std::string& text) {
  char piece[4096];
  while (text.size() <= max_bytes) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - Steady::now()).count();
    if (left <= 0) return Ending::out_of_time;
    pollfd wait{output, POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return Ending::out_of_time;
    const auto got = ::read(output, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Ending::output_closed;
    text.append(piece, static_cast<std::size_t>(got));
  }
  return Ending::too_much;
}

/// How the program ended; nothing if it had to be killed. A program may close its output and stay.
std::optional<int> wait_for_end(pid_t pid, Steady::time_point until) {
  int status = 0;
  while (Steady::now() < until) {
    if (::waitpid(pid, &status, WNOHANG) == pid) return status;
    std::this_thread::sleep_for(milliseconds(5));
  }
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return std::nullopt;
}

}  // namespace

Expected<std::string, std::string> run_and_read(const std::vector<std::string>& command, milliseconds limit,
                                                std::size_t max_bytes) {
  auto started = start(command);
  if (!started) return failure(started.error());
  std::string text;
  const auto begun = Steady::now();
  const auto ending = read_until_closed(started->output, begun + limit, max_bytes, text);
  ::close(started->output);
  const auto until = ending == Ending::output_closed ? begun + limit : begun;
  const auto status = wait_for_end(started->pid, until);
  if (ending == Ending::out_of_time || (ending == Ending::output_closed && !status)) {
    return failure(fmt::format("{} gave no answer within {}", command.front(), duration_text(limit)));
  }
  if (ending == Ending::too_much) return failure(fmt::format("{} wrote more than a secret", command.front()));
  if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) {
    return failure(fmt::format("{} ended with {}", command.front(),
                               WIFEXITED(*status) ? fmt::format("exit code {}", WEXITSTATUS(*status))
                                                  : fmt::format("signal {}", WTERMSIG(*status))));
  }
  return text;
}

}  // namespace offboard
