#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "base/defect.hpp"
#include "base/file.hpp"
#include "simulator/partner_center.hpp"
#include "simulator/server.hpp"

namespace offboard::simulator {
namespace {

constexpr std::size_t k_max_state_bytes = 1U << 30U;

struct Options {
  std::string world;
  std::string port_file;
  std::string log;
  std::string state;
  ServerOptions server;
};

/// A file to which whole lines are added, each handed to the system at once.
class LineFile {
 public:
  explicit LineFile(const std::string& path) : path_(path) {
    make_parent_folder(path);
    stream_.open(path, std::ios::binary | std::ios::app);
    check();
  }
  void add(std::string line) {
    line += '\n';
    stream_.write(line.data(), static_cast<std::streamsize>(line.size()));
    stream_.flush();
    check();
  }

 private:
  void check() const {
    if (!stream_) throw MachineTrouble(fmt::format("cannot write {}", path_));
  }
  std::string path_;
  std::ofstream stream_;
};

/// Takes in what an earlier start left, and cuts off a last line that it could not finish.
void restore_state(PartnerCenter& service, const std::string& path) {
  const auto content = read_file(path, k_max_state_bytes);
  if (!content && content.error().kind == FileTroubleKind::missing) return;
  if (!content) throw MachineTrouble(content.error().message);
  service.restore(*content);
  const auto last_end = content->rfind('\n');
  std::filesystem::resize_file(path, last_end == std::string::npos ? 0 : last_end + 1);
}

void announce(const Server& server, const Options& options) {
  if (!options.port_file.empty()) {
    replace_file(options.port_file, Readers::by_umask,
                 [&](const Sink& sink) { sink(fmt::format("{}\n", server.port())); });
  }
  const bool version_6 = options.server.address.find(':') != std::string::npos;
  const std::string host = version_6 ? fmt::format("[{}]", options.server.address) : options.server.address;
  fmt::print("listening on http://{}:{}\n", host, server.port());
  std::fflush(stdout);
}

void serve(const Options& options) {
  PartnerCenter service(load_world(options.world), LogMemory::drop);
  std::optional<LineFile> log;
  std::optional<LineFile> state;
  if (!options.log.empty()) {
    log.emplace(options.log);
    service.on_log([&log](const LogEntry& entry) { log->add(json_line(entry)); });
  }
  if (!options.state.empty()) {
    restore_state(service, options.state);
    state.emplace(options.state);
    service.on_effect([&state](std::string_view line) { state->add(std::string(line)); });
  }
  Server server(service, options.server);
  announce(server, options);
  server.run();
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app("A simulated Partner Center and sign-in service on loopback", "partner-center-sim");
  app.set_version_flag("--version", std::string("partner-center-sim ") + OFFBOARD_VERSION);
  app.add_option("--world", options.world, "What there is and how it behaves (YAML or JSON)")->required();
  app.add_option("--port", options.server.port, "Port to listen on; 0 takes any free one");
  app.add_option("--address", options.server.address, "Loopback address to listen on")->capture_default_str();
  app.add_option("--port-file", options.port_file, "Write the port here once listening");
  app.add_option("--log", options.log, "Add a line of JSON here for every request");
  app.add_option("--state", options.state, "Remember effects here over restarts");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    return app.exit(end) == 0 ? 0 : 2;
  }
  serve(options);
  return 0;
}

}  // namespace
}  // namespace offboard::simulator

int main(int argc, char** argv) {
  try {
    return offboard::simulator::run(argc, argv);
  } catch (const offboard::simulator::WorldTrouble& trouble) {
    std::cerr << trouble.what() << '\n';
    return 2;
  } catch (const std::invalid_argument& trouble) {
    std::cerr << trouble.what() << '\n';
    return 2;
  } catch (const std::exception& trouble) {
    std::cerr << "partner-center-sim: " << trouble.what() << '\n';
    return 1;
  }
}
