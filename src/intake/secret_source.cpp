#include "intake/secret_source.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "intake/job_section.hpp"

namespace offboard {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

bool is_variable_name(std::string_view text) {
  return k_letters.find(text.front()) != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return k_letters.find(c) != std::string_view::npos || (c >= '0' && c <= '9');
         });
}

std::optional<SecretSource> from_environment(const JobValue& value, JobValues& values) {
  auto name = values.text(value);
  if (!name) return std::nullopt;
  if (is_variable_name(*name)) return FromEnvironment{*std::move(name)};
  values.complain(value, "must be the name of an environment variable (letters, digits, _)");
  return std::nullopt;
}

std::optional<SecretSource> from_command(const JobValue& value, JobValues& values) {
  if (value.node->kind != YamlKind::sequence || value.node->items.empty()) {
    values.complain(value, "must be a list of a program and its arguments, such as [pass, show, offboard]");
    return std::nullopt;
  }
  FromCommand source;
  bool sound = true;
  for (const auto& item : value.node->items) {
    // An empty argument is one too; everything else is held to what a text must be.
    const bool is_empty_argument =
        item.kind == YamlKind::scalar && item.style == ScalarStyle::quoted && item.text.empty();
    if (is_empty_argument && !source.command.empty()) {
      source.command.emplace_back();
      continue;
    }
    auto word = values.text({"each item of " + value.name, &item});
    sound = sound && word;
    source.command.push_back(std::move(word).value_or(""));
  }
  if (!sound) return std::nullopt;
  auto& program = source.command.front();
  // Without a slash it is looked up in PATH.
  if (program.find('/') != std::string::npos) program = values.resolved(program).string();
  return source;
}

std::optional<SecretSource> from_file(const JobValue& value, JobValues& values) {
  auto path = values.path(value);
  if (!path) return std::nullopt;
  return FromFile{*std::move(path)};
}

/// Complains about a value that is the secret itself.
bool is_inline(const JobValue& value, std::string_view what_to_write, JobValues& values) {
  if (value.node->kind != YamlKind::scalar) return false;
  values.complain(value, what_to_write);
  return true;
}

}  // namespace

std::optional<SecretSource> read_client_secret(const JobValue& value, JobValues& values,
                                               Complaints& complaints) {
  if (!value.given()) return std::nullopt;
  if (is_inline(
          value,
          "is a secret and must not be written into the job file; write {env: VARIABLE}, {file: PATH} or "
          "{command: [PROGRAM, ARG]}, and change the secret if anybody else can read this file",
          values))
    return std::nullopt;
  const SectionReader section(JobSection::client_secret, value.node, complaints);
  if (!section.given()) return std::nullopt;
  const auto env = section.optional("env");
  const auto file = section.optional("file");
  const auto command = section.optional("command");
  const int count = (env.given() ? 1 : 0) + (file.given() ? 1 : 0) + (command.given() ? 1 : 0);
  if (count > 1 || section.size() == 0) values.complain(value, "needs exactly one of env, file and command");
  if (count != 1) return std::nullopt;
  if (env.given()) return from_environment(env, values);
  if (file.given()) return from_file(file, values);
  return from_command(command, values);
}

std::optional<ClientCertificate> read_client_certificate(const JobValue& value, JobValues& values,
                                                         Complaints& complaints) {
  if (!value.given()) return std::nullopt;
  if (is_inline(value,
                "must say where the certificate is found; write {file: PATH}, or {file: PATH, key: PATH} if "
                "its private key has a file of its own",
                values))
    return std::nullopt;
  SectionReader section(JobSection::client_certificate, value.node, complaints);
  const auto file = values.path(section.required("file"));
  const auto key = section.optional("key");
  const auto key_file = key.given() ? values.path(key) : file;
  if (!file || !key_file) return std::nullopt;
  return ClientCertificate{*file, *key_file};
}

std::optional<fs::path> read_refresh_token(const JobValue& value, JobValues& values, Complaints& complaints) {
  if (!value.given()) return std::nullopt;
  if (is_inline(
          value,
          "is a secret and must not be written into the job file; write {file: PATH}, and revoke the token "
          "if anybody else can read this file",
          values))
    return std::nullopt;
  if (value.node->kind == YamlKind::map) {
    for (const auto& entry : value.node->entries) {
      if (entry.key != "env" && entry.key != "command") continue;
      complaints.add(
          entry.key_place,
          value.name + " must be {file: PATH}: the token is rewritten when the service rotates it");
      return std::nullopt;
    }
  }
  SectionReader section(JobSection::refresh_token, value.node, complaints);
  return values.path(section.required("file"));
}

}  // namespace offboard
