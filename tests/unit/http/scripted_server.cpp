#include "scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace offboard::test {
namespace {

std::size_t announced_length(std::string head) {
  std::transform(head.begin(), head.end(), head.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto at = head.find("\r\ncontent-length:");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 17));
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<Step> steps, Speaks speaks)
    : steps_(std::move(steps)), speaks_(speaks) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, plain, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, plain, &size) != 0 || ::pipe(stop_) != 0)
    throw std::runtime_error("no server on loopback");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  ::close(stop_[1]);
  thread_.join();
  for (auto& connection : connections_) connection.join();
  ::close(stop_[0]);
  ::close(listener_);
}

std::string ScriptedServer::url(const std::string& path, const std::string& scheme) const {
  return scheme + "://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

bool ScriptedServer::wait_for_requests(std::size_t count) const {
  for (int i = 0; i < 10'000 && requests().size() < count; ++i) std::this_thread::sleep_for(milliseconds(1));
  return requests().size() >= count;
}

bool ScriptedServer::wait_readable(int fd) const {
  pollfd both[2] = {{fd, POLLIN, 0}, {stop_[0], POLLIN, 0}};
  while (::poll(both, 2, -1) < 0) {
  }
  return both[1].revents == 0;
}

void ScriptedServer::serve() {
  while (wait_readable(listener_)) {
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) continue;
    const std::lock_guard lock(mutex_);
    connections_.emplace_back([this, connection] {
      serve_connection(connection);
      ::close(connection);
    });
  }
}

void ScriptedServer::serve_connection(int connection) {
  if (speaks_ == Speaks::first) {
    if (!wait_readable(connection) || !play(connection, next_step())) return;
  }
  std::string left_over;
  while (true) {
    auto request = read_request(connection, left_over);
    if (request.empty()) return;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(std::move(request));
    }
    if (!play(connection, next_step())) return;
  }
}

std::string ScriptedServer::read_request(int connection, std::string& left_over) {
  while (true) {
    if (const auto end = left_over.find("\r\n\r\n"); end != std::string::npos) {
      const auto whole = end + 4 + announced_length(left_over.substr(0, end + 2));
      if (left_over.size() >= whole) {
        auto request = left_over.substr(0, whole);
        left_over.erase(0, whole);
        return request;
      }
    }
    char piece[4096];
    if (!wait_readable(connection)) return "";
    const auto got = ::recv(connection, piece, sizeof piece, 0);
    if (got <= 0) return "";
    left_over.append(piece, static_cast<std::size_t>(got));
  }
}

Step ScriptedServer::next_step() {
  const std::lock_guard lock(mutex_);
  return steps_[std::min(played_++, steps_.size() - 1)];
}

bool ScriptedServer::play(int connection, const Step& step) const {
  std::size_t sent = 0;
  while (sent < step.bytes.size()) {
    const auto count = ::send(connection, step.bytes.data() + sent, step.bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  switch (step.then) {
    case Step::Then::keep: return true;
    case Step::Then::close: return false;
    case Step::Then::reset: {
      const linger at_once{1, 0};
      ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      return false;
    }
    case Step::Then::hold: {
      char ignored[4096];
      while (wait_readable(connection) && ::recv(connection, ignored, sizeof ignored, 0) > 0) {
      }
      return false;
    }
  }
  return false;
}

}  // namespace offboard::test
