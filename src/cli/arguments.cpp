#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>

#include <map>

#include "cli/exit_code.hpp"

namespace offboard {
namespace {

constexpr const char* k_about =
    "Ends the reseller relationship with every customer tenant on a list, in Microsoft Partner Center: "
    "checks that nothing\n"
    "stands in the way, then removes it. The removal cannot be undone. Interrupted batches are resumed by "
    "running them again.";

constexpr const char* k_exit_codes =
    "Exit codes: 0 all done; 1 defect or machine trouble; 2 wrong usage or invalid input; 3 some tenants are "
    "blocked;\n"
    "4 some failed and need a person; 5 stopped early, run it again; 6 another run holds the ledger; 7 "
    "sign-in needed.";

struct CommandText {
  Command command;
  const char* name;
  const char* what;
};

constexpr CommandText k_commands[] = {
    {Command::validate, "validate",
     "Read the job and its tenant list and report every problem; no network, no ledger"},
    {Command::check, "check",
     "Check every tenant that is not finished and write the report; never removes anything"},
    {Command::run, "run", "Check, decide and remove; picks up whatever an earlier run left"},
    {Command::status, "status", "Counts by state, the last runs, and what is next"},
    {Command::report, "report", "Export from the ledger"},
    {Command::login, "login", "Sign in with a device code and store the refresh token"},
    {Command::verify, "verify", "Prove that the ledger's history is whole and unaltered"},
    {Command::invite, "invite", "Print the link by which a customer can accept the relationship again"},
};

template <typename Enum, std::size_t Count>
std::map<std::string, Enum> by_name(const std::array<Enum, Count>& all) {
  std::map<std::string, Enum> names;
  for (const auto value : all) names.emplace(name_of(value), value);
  return names;
}

void add_options(CLI::App& app, Command command, Arguments& arguments) {
  if (command == Command::status) {
    const std::map<std::string, StatusFormat> formats = {{"text", StatusFormat::text},
                                                         {"json", StatusFormat::json}};
    app.add_option("--format", arguments.status_format, "text (default) or json")
        ->transform(CLI::CheckedTransformer(formats).description(""));
  }
  if (command == Command::report) {
    app.add_option("--view", arguments.view, "tenants (default), blockers, history or runs")
        ->transform(CLI::CheckedTransformer(by_name(k_all_views)).description(""));
    app.add_option("--format", arguments.format, "csv (default), json or html")
        ->transform(CLI::CheckedTransformer(by_name(k_all_formats)).description(""));
    app.add_option("--output", arguments.output, "Write to this file instead of standard output")
        ->type_name("FILE");
  }
}

void add_command(CLI::App& app, const CommandText& text, Arguments& arguments) {
  auto* command = app.add_subcommand(text.name, text.what);
  command->add_option("JOB", arguments.job, "The job file")->required()->type_name("");
  auto* verbose = command->add_flag_callback(
      "-v,--verbose", [&] { arguments.verbosity = Verbosity::verbose; }, "Say what happens to every tenant");
  command
      ->add_flag_callback(
          "-q,--quiet", [&] { arguments.verbosity = Verbosity::quiet; }, "Only warnings and errors")
      ->excludes(verbose);
  add_options(*command, text.command, arguments);
  command->callback([&arguments, which = text.command] { arguments.command = which; });
}

}  // namespace

std::variant<Arguments, int> parse_arguments(int argc, const char* const* argv) {
  Arguments arguments;
  CLI::App app(k_about, "offboard");
  app.footer(k_exit_codes);
  app.set_version_flag("--version", std::string("offboard ") + OFFBOARD_VERSION);
  app.require_subcommand(1);
  for (const auto& text : k_commands) add_command(app, text, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11's own codes are not ours; help and version are its only successes.
    return app.exit(error) == 0 ? k_exit_done : k_exit_invalid;
  }
  return arguments;
}

}  // namespace offboard
