#include "run/thread_workers.hpp"

#include <fmt/format.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <set>

#include "worlds.hpp"

namespace offboard::test {
namespace {

/// What all transports of a test share.
struct Wire {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_open = true;  // closed: requests stay out until it opens, or somebody cancels them
  int under_way = 0;
  int most_under_way = 0;
  int exchanges = 0;
  int transports = 0;

  void open() {
    const std::lock_guard lock(mutex);
    is_open = true;
    changed.notify_all();
  }
  void close() {
    const std::lock_guard lock(mutex);
    is_open = false;
  }
  void await_under_way(int count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return under_way == count; });
  }
};

class FakeTransport final : public Transport {
 public:
  explicit FakeTransport(Wire& wire) : wire_(wire) {}

  [[nodiscard]] Expected<HttpAnswer, TransportFailure> exchange(const HttpRequest& request) override {
    std::unique_lock lock(wire_.mutex);
    ++wire_.exchanges;
    wire_.most_under_way = std::max(wire_.most_under_way, ++wire_.under_way);
    wire_.changed.notify_all();
    wire_.changed.wait(lock, [&] { return wire_.is_open || cancelled_; });
    --wire_.under_way;
    wire_.changed.notify_all();
    if (std::exchange(cancelled_, false))
      return failure(TransportFailure{TransportFailureKind::cancelled, ""});
    return HttpAnswer{200, {}, body_for(request)};
  }

  void cancel() override {
    const std::lock_guard lock(wire_.mutex);
    cancelled_ = true;
    wire_.changed.notify_all();
  }

 private:
  static std::string body_for(const HttpRequest& request) {
    if (request.method == Method::patch) return R"({"RelationshipToPartner":"none"})";
    if (request.method == Method::post) return R"({"access_token":"access","expires_in":3600})";
    return fmt::format(R"({{"id":"{}","relationshipToPartner":"reseller"}})",
                       request.url.substr(request.url.rfind('/') + 1));
  }

  Wire& wire_;
  bool cancelled_ = false;
};

PartnerCenterSettings settings() {
  PartnerCenterSettings settings;
  settings.base_url = settings.login_url = "http://127.0.0.1:8080";
  settings.tenant = "partner.example";
  return settings;
}

class Office {
 public:
  explicit Office(std::size_t threads)
      : client_(settings(), RetrySettings{}, clock_),
        workers(std::make_unique<ThreadWorkers>(
            client_, threads,
            [this] {
              ++wire.transports;
              return std::make_unique<FakeTransport>(wire);
            },
            clock_)) {}

  void hand_out(std::uint64_t ticket, What what = What::customer) {
    Ask ask;
    ask.what = what;
    ask.tenant = guid_of(static_cast<int>(ticket));
    ask.request_id = guid_of(101);
    ask.correlation_id = guid_of(102);
    ask.token = std::make_shared<const AccessToken>(AccessToken{Secret("access"), 1});
    ask.credentials = std::make_shared<const Credentials>(Credentials{Secret("refresh"), {}, {}, {}, {}});
    workers->hand_out({ticket, std::move(ask)});
  }

  std::vector<Returned> collect(std::size_t count) {
    std::vector<Returned> all;
    while (all.size() < count) {
      for (auto& returned : workers->wait(std::nullopt)) all.push_back(std::move(returned));
    }
    return all;
  }

  Wire wire;

 private:
  SystemClock clock_;
  Client client_;

 public:
  std::unique_ptr<ThreadWorkers> workers;
};

bool is_dropped(const Returned& returned) {
  return returned.reply.verdict == Verdict::unanswered && returned.reply.evidence.error_code == "cancelled";
}

}  // namespace

TEST_CASE("every errand returns once, with the answer to its own question") {
  Office office(4);
  CHECK(office.workers->size() == 4);
  CHECK(office.wire.transports == 4);
  constexpr std::uint64_t k_errands = 300;
  for (std::uint64_t ticket = 1; ticket <= k_errands; ++ticket) office.hand_out(ticket);
  std::set<std::uint64_t> tickets;
  for (const auto& returned : office.collect(k_errands)) {
    tickets.insert(returned.ticket);
    // The client takes an answer only if it is about the customer that was asked for.
    CHECK(returned.reply.verdict == Verdict::taken);
  }
  CHECK(tickets.size() == k_errands);
  CHECK(office.wire.exchanges == 300);
}

TEST_CASE("as many errands are under way at once as there are threads, and no more") {
  Office office(3);
  office.wire.close();
  for (std::uint64_t ticket = 1; ticket <= 9; ++ticket) office.hand_out(ticket);
  office.wire.await_under_way(3);
  office.wire.open();
  CHECK(office.collect(9).size() == 9);
  CHECK(office.wire.most_under_way == 3);
}

TEST_CASE("a wait whose time has come returns at once, with nothing") {
  Office office(1);
  CHECK(office.workers->wait(SystemClock().now()).empty());
  CHECK(office.workers->wait(Instant{}).empty());
}

TEST_CASE("wake ends a wait, also one that begins later, and only one") {
  Office office(1);
  office.workers->wake();
  CHECK(office.workers->wait(std::nullopt).empty());
  std::thread someone([&] { office.workers->wake(); });
  CHECK(office.workers->wait(std::nullopt).empty());
  someone.join();
  office.wire.close();
  office.hand_out(1);
  office.wire.await_under_way(1);
  office.wire.open();
  CHECK(office.collect(1).size() == 1);
}

TEST_CASE("dropped reads return promptly, and a PATCH and a sign-in go on to their answers") {
  Office office(4);
  office.wire.close();
  office.hand_out(1, What::customer);
  office.hand_out(2, What::removal);
  office.hand_out(3, What::subscriptions);
  office.hand_out(4, What::sign_in);
  office.wire.await_under_way(4);
  office.workers->drop_reads();
  for (const auto& returned : office.collect(2)) {
    CHECK((returned.ticket == 1 || returned.ticket == 3));
    CHECK(is_dropped(returned));
    CHECK(returned.reply.evidence.request_id == guid_of(101));
  }
  office.wire.open();
  for (const auto& returned : office.collect(2)) {
    CHECK((returned.ticket == 2 || returned.ticket == 4));
    CHECK(returned.reply.verdict == Verdict::taken);
  }
}

TEST_CASE("dropping everything brings the PATCH home too, as unanswered") {
  Office office(2);
  office.wire.close();
  office.hand_out(1, What::removal);
  office.hand_out(2, What::sign_in);
  office.wire.await_under_way(2);
  office.workers->drop_all();
  for (const auto& returned : office.collect(2)) CHECK(is_dropped(returned));
}

TEST_CASE("once removals are held, one that is handed out comes back withheld and unsent, and reads go on") {
  Office office(2);
  office.workers->hold_removals();
  office.hand_out(1, What::removal);
  office.hand_out(2, What::customer);
  for (const auto& returned : office.collect(2)) {
    CHECK(returned.reply.verdict == (returned.ticket == 1 ? Verdict::withheld : Verdict::taken));
    if (returned.ticket == 1) CHECK(returned.reply.sending == Sending::never_sent);
  }
  CHECK(office.wire.exchanges == 1);
}

TEST_CASE("errands that nobody has begun are dropped without reaching the service") {
  Office office(1);
  office.wire.close();
  for (std::uint64_t ticket = 1; ticket <= 5; ++ticket) office.hand_out(ticket);
  office.wire.await_under_way(1);
  office.workers->drop_reads();
  for (const auto& returned : office.collect(5)) {
    CHECK(is_dropped(returned));
    CHECK(returned.reply.evidence.request_id == guid_of(101));
    CHECK(returned.reply.evidence.correlation_id == guid_of(102));
  }
  CHECK(office.wire.exchanges == 1);
}

TEST_CASE("the destructor drops what is out and joins its threads") {
  Office office(3);
  office.wire.close();
  for (std::uint64_t ticket = 1; ticket <= 10; ++ticket) office.hand_out(ticket, What::removal);
  office.wire.await_under_way(3);
  office.workers.reset();
  CHECK(office.wire.under_way == 0);
  CHECK(office.wire.exchanges == 3);
}

TEST_CASE("workers that were never given anything go quietly") {
  for (int i = 0; i < 20; ++i) CHECK_NOTHROW(Office(8));
}

TEST_CASE("a storm of errands, wakes and a drop loses no errand") {
  Office office(6);
  constexpr std::uint64_t k_errands = 400;
  std::thread someone([&] {
    for (int i = 0; i < 200; ++i) office.workers->wake();
  });
  std::size_t home = 0;
  for (std::uint64_t ticket = 1; ticket <= k_errands; ++ticket) {
    office.hand_out(ticket, ticket % 3 == 0 ? What::removal : What::customer);
    if (ticket == k_errands / 2) office.workers->drop_reads();
    home += office.workers->wait(Instant{}).size();
  }
  while (home < k_errands) home += office.workers->wait(std::nullopt).size();
  someone.join();
  CHECK(home == k_errands);
}

}  // namespace offboard::test
