#include "simulator/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <csignal>
#include <optional>
#include <random>
#include <stdexcept>

#include "base/defect.hpp"
#include "simulator/wire.hpp"

namespace offboard::simulator {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Error = boost::system::error_code;

constexpr std::size_t k_max_body = 1U << 20U;       // no request of this API is anywhere near it
constexpr std::uint32_t k_max_header = 64U << 10U;  // a real access token is a few KiB
constexpr auto k_drip_pause = milliseconds(100);    // slow enough to outlast a client's patience
constexpr auto k_longest_hold = std::chrono::minutes(10);

UtcTime utc_now() {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

/// The world's latency, drawn from its seed.
class Delay {
 public:
  explicit Delay(const World& world)
      : least_(world.latency), jitter_(world.latency_jitter), engine_(world.seed) {}
  [[nodiscard]] milliseconds next() {
    return least_ + milliseconds(std::uniform_int_distribution<std::int64_t>(0, jitter_.count())(engine_));
  }

 private:
  milliseconds least_;
  milliseconds jitter_;
  std::mt19937_64 engine_;
};

/// One client's connection. Lives as long as something of it is pending.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, PartnerCenter& service, Delay& delay)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), service_(service), delay_(delay) {}

  void read_head() {
    parser_.emplace();
    parser_->body_limit(k_max_body);
    parser_->header_limit(k_max_header);
    http::async_read_header(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](Error error, std::size_t) { self->head_read(error); });
  }

 private:
  void head_read(Error error) {
    if (error) return trouble(error);
    const auto expected = parser_->get()[http::field::expect];
    if (!boost::beast::iequals(expected, "100-continue")) return read_body();
    wire_.bytes = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(socket_, asio::buffer(wire_.bytes),
                      [self = shared_from_this()](Error failed, std::size_t) {
                        if (!failed) self->read_body();
                      });
  }

  void read_body() {
    http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](Error error, std::size_t) {
      if (error) return self->trouble(error);
      self->answer();
    });
  }

  /// A client that went away needs no answer; one that does not speak HTTP gets the usual two.
  void trouble(Error error) {
    const auto& parsing = http::make_error_code(http::error::bad_method).category();
    if (error == http::error::end_of_stream || error.category() != parsing) return;
    const bool too_large = error == http::error::body_limit || error == http::error::header_limit;
    wire_ = wire_form({too_large ? 413 : 400, {}, "", WireFault::none}, Persistence::close);
    write();
  }

  void answer() {
    const auto& message = parser_->get();
    Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message)
      request.headers.add(std::string(field.name_string()), std::string(field.value()));
    request.body = message.body();
    const auto persistence = message.keep_alive() ? Persistence::keep_alive : Persistence::close;
    wire_ = wire_form(service_.answer(request, utc_now()), persistence);
    const milliseconds pause = delay_.next();
    if (pause == milliseconds(0)) return write();
    timer_.expires_after(pause);
    timer_.async_wait([self = shared_from_this()](Error error) {
      if (!error) self->write();
    });
  }

  void write() {
    if (wire_.ending == Ending::hold) return hold();
    if (wire_.pace == Pace::byte_by_byte) return drip(0);
    asio::async_write(socket_, asio::buffer(wire_.bytes),
                      [self = shared_from_this()](Error error, std::size_t) {
                        if (!error) self->pad();
                      });
  }

  /// One block of blanks after the other, however many: a client that has had enough ends it.
  void pad() {
    if (wire_.padding == 0) return end_answer();
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(wire_.padding, blanks().size()));
    asio::async_write(socket_, asio::buffer(blanks().data(), size),
                      [self = shared_from_this(), size](Error error, std::size_t) {
                        self->wire_.padding -= size;
                        if (!error) self->pad();
                      });
  }

  static const std::string& blanks() {
    static const std::string block(256U << 10U, ' ');
    return block;
  }

  void drip(std::size_t sent) {
    if (sent == wire_.bytes.size()) return end_answer();
    asio::async_write(socket_, asio::buffer(&wire_.bytes[sent], 1),
                      [self = shared_from_this(), sent](Error error, std::size_t) {
                        if (!error) self->pause_drip(sent + 1);
                      });
  }

  void pause_drip(std::size_t sent) {
    timer_.expires_after(k_drip_pause);
    timer_.async_wait([self = shared_from_this(), sent](Error error) {
      if (!error) self->drip(sent);
    });
  }

  /// Says nothing until the client gives up or the time is over.
  void hold() {
    timer_.expires_after(k_longest_hold);
    timer_.async_wait([self = shared_from_this()](Error) {
      Error ignored;
      self->socket_.close(ignored);
    });
    socket_.async_read_some(asio::buffer(unread_), [self = shared_from_this()](Error error, std::size_t) {
      if (error) self->timer_.cancel();
    });
  }

  void end_answer() {
    Error ignored;
    switch (wire_.ending) {
      case Ending::keep: return read_head();
      case Ending::reset:
        // Closing with nothing to linger for sends RST instead of FIN.
        socket_.set_option(asio::socket_base::linger(true, 0), ignored);
        socket_.close(ignored);
        return;
      case Ending::close:
      case Ending::hold: break;
    }
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  PartnerCenter& service_;
  Delay& delay_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  Wire wire_;
  std::array<char, 1> unread_{};
};

tcp::endpoint endpoint_of(const ServerOptions& options) {
  Error error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error || !address.is_loopback())
    throw std::invalid_argument(fmt::format("{}: only a loopback address will do", options.address));
  return {address, options.port};
}

}  // namespace

class Server::Impl {
 public:
  Impl(PartnerCenter& service, const ServerOptions& options)
      : acceptor_(io_), signals_(io_, SIGTERM, SIGINT), service_(service), delay_(service.world()) {
    const auto endpoint = endpoint_of(options);
    try {
      acceptor_.open(endpoint.protocol());
      acceptor_.set_option(asio::socket_base::reuse_address(true));
      acceptor_.bind(endpoint);
      acceptor_.listen(k_backlog);
    } catch (const boost::system::system_error& error) {
      throw MachineTrouble(
          fmt::format("cannot listen on {}:{}: {}", options.address, options.port, error.code().message()));
    }
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void run() {
    signals_.async_wait([this](Error, int) { io_.stop(); });
    accept();
    io_.run();
  }

 private:
  // Several hundred workers may connect at the same moment.
  static constexpr int k_backlog = 4096;

  void accept() {
    acceptor_.async_accept([this](Error error, tcp::socket socket) {
      if (!error) {
        Error ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        std::make_shared<Connection>(std::move(socket), service_, delay_)->read_head();
      }
      accept();
    });
  }

  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::signal_set signals_;
  PartnerCenter& service_;
  Delay delay_;
};

Server::Server(PartnerCenter& service, const ServerOptions& options)
    : impl_(std::make_unique<Impl>(service, options)) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->port();
}

void Server::run() {
  impl_->run();
}

}  // namespace offboard::simulator
