#include "partner_center/credentials.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/file.hpp"
#include "base/subprocess.hpp"
#include "base/text.hpp"
#include "partner_center/client_assertion.hpp"

namespace offboard {
namespace {

constexpr std::size_t k_max_secret_bytes = 64 * 1024;
constexpr milliseconds k_command_limit = seconds(30);

using Outcome = Expected<Secret, std::string>;

Outcome checked(std::string_view text, const std::string& where) {
  const auto token = trim(text);
  if (token.empty()) return failure(fmt::format("{} is empty", where));
  for (const char c : token) {
    if (c < 0x20 || c == 0x7F)
      return failure(fmt::format("{} holds more than one line, or is not text", where));
  }
  return Secret(std::string(token));
}

Expected<Secret, std::string> whole_file(const std::filesystem::path& path, ReadableBy readable) {
  auto content = read_file(path, k_max_secret_bytes, readable);
  if (!content) return failure(content.error().message);
  return Secret(std::move(*content));
}

Outcome from_file(const std::filesystem::path& path, ReadableBy readable) {
  const auto content = whole_file(path, readable);
  if (!content) return failure(content.error());
  return checked(content->reveal(), path.string());
}

struct Load {
  Outcome operator()(const FromEnvironment& source) const {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in this program changes the environment.
    const char* value = std::getenv(source.variable.c_str());
    if (value == nullptr)
      return failure(fmt::format("the environment variable {} is not set", source.variable));
    return checked(value, fmt::format("the environment variable {}", source.variable));
  }
  Outcome operator()(const FromFile& source) const {
    return from_file(source.path, ReadableBy::owner_and_group);
  }
  Outcome operator()(const FromCommand& source) const {
    auto text = run_and_read(source.command, k_command_limit, k_max_secret_bytes);
    if (!text) return failure(text.error());
    const Secret written(std::move(*text));
    return checked(written.reveal(), fmt::format("what {} wrote", source.command.front()));
  }
};

Expected<ClientKey, std::string> load_key(const ClientCertificate& source) {
  const auto certificate = read_file(source.file, k_max_secret_bytes);
  if (!certificate) return failure(certificate.error().message);
  auto key = whole_file(source.key, ReadableBy::owner_and_group);
  if (!key) return failure(key.error());
  auto result = client_key(*certificate, std::move(*key));
  if (!result) return failure(fmt::format("{}: {}", source.key.string(), result.error()));
  return result;
}

}  // namespace

Expected<Credentials, std::string> load_client_proof(const PartnerCenterSettings& settings) {
  Credentials credentials;
  if (settings.client_secret) {
    auto secret = std::visit(Load{}, *settings.client_secret);
    if (!secret) return failure(fmt::format("no client secret: {}", secret.error()));
    credentials.client_secret = std::move(*secret);
  }
  if (settings.client_certificate) {
    auto key = load_key(*settings.client_certificate);
    if (!key) return failure(fmt::format("no client certificate: {}", key.error()));
    credentials.client_key = std::move(*key);
  }
  return credentials;
}

Expected<Secret, std::string> load_refresh_token(const std::filesystem::path& file) {
  // Written by this program with mode 0600; one that was put there otherwise is made so at the next rotation.
  return from_file(file, ReadableBy::anybody);
}

Expected<Credentials, std::string> load_credentials(const PartnerCenterSettings& settings) {
  auto refresh_token = load_refresh_token(settings.refresh_token_file);
  if (!refresh_token) return failure(fmt::format("no refresh token: {}", refresh_token.error()));
  auto credentials = load_client_proof(settings);
  if (credentials) credentials->refresh_token = std::move(*refresh_token);
  return credentials;
}

void store_refresh_token(const std::filesystem::path& file, const Secret& token) {
  // Through a symbolic link, so that the link stays one.
  const auto target = std::filesystem::weakly_canonical(file);
  replace_file(target, Readers::owner_only, [&](const Sink& write) { write(token.reveal()); });
}

}  // namespace offboard
