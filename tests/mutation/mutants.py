"""The lines that keep the promises, by the number of the promise in the contract, and what each becomes without its safety."""
from dataclasses import dataclass

# Quick ones first; the programs only if no unit test saw it.
EVERYTHING = ("^unit\\.", "^program\\.contract", "^program\\.")


@dataclass(frozen=True)
class Mutant:
    name: str
    promise: str
    file: str
    line: str
    instead: str
    tests: tuple = EVERYTHING
    compiler_may_object: bool = False


MUTANTS = [
    Mutant("freshness-at-the-loop", "1", "src/run/runner_dispatch.cpp",
           "if (!journey->facts_within(job_.policy.recheck_after, parts_.clock.now())) {", "if (false) {"),
    Mutant("freshness-at-the-worker", "1", "src/partner_center/client.cpp",
           "if (ask.not_after && clock_.now() > *ask.not_after) {", "if (false) {"),
    Mutant("intent-only-for-listed", "1", "src/ledger/ledger.cpp",
           '(is_intent || to == State::patching ? " and position is not null" : "")', '""', compiler_may_object=True),
    Mutant("withdrawn-is-only-looked-at", "1", "src/run/runner.cpp",
           "if (work.state == State::withdrawn) return end_turn(journey);", ""),
    Mutant("off-the-list-is-withdrawn", "1", "src/ledger/import.cpp",
           "import.move(tenant_id, tenant, State::withdrawn, k_reason_off_the_list);", ""),
    Mutant("unknown-status-blocks", "1", "src/decide/subscription_rules.cpp",
           "if (standing == Standing::unknown) {", "if (false) {", compiler_may_object=True),
    Mutant("suspended-new-commerce-blocks", "1", "src/decide/subscription_rules.cpp",
           "if (family != SubscriptionFamily::new_commerce) return std::nullopt;", "return std::nullopt;",
           compiler_may_object=True),
    Mutant("new-reservation-spelling", "1", "src/decide/entitlement_rules.cpp",
           'return equal_ignoring_case(type, "reservedinstance") ||', "return false ||"),
    Mutant("short-list-blocks", "1", "src/decide/decide.cpp",
           "if (collection.completeness == Completeness::complete) return;", "return;", compiler_may_object=True),
    Mutant("identity-blocks", "1", "src/decide/decide.cpp",
           "check_identity(listed, facts.customer, blockers);", "", compiler_may_object=True),
    Mutant("announced-is-compared", "1", "src/run/journey.cpp", "if (announced_ > delivered) {", "if (false) {"),
    Mutant("doubled-keys-are-garbled", "1", "src/partner_center/json.cpp",
           "|| has_doubled_key(object)) return std::nullopt;", ") return std::nullopt;", compiler_may_object=True),
    Mutant("answer-names-its-customer", "1", "src/partner_center/read_answer.cpp",
           "if (naming_of(*root, tenant) != Naming::the_one) return std::nullopt;", ""),
    Mutant("commit-before-hand-out", "2", "src/run/runner_dispatch.cpp",
           "if (!to_commit_.empty()) parts_.ledger.commit(to_commit_, counters_);\n  to_commit_.clear();\n",
           "struct Late {\n    Runner& r;\n    ~Late() noexcept(false) {\n      if (!r.to_commit_.empty()) "
           "r.parts_.ledger.commit(r.to_commit_, r.counters_);\n      r.to_commit_.clear();\n    }\n  } late{*this};\n"),
    Mutant("read-back-before-repeat", "2", "src/run/journey.cpp",
           "step = Step::read_back;\n  unanswered_ = 0;", "unanswered_ = 0;"),
    Mutant("same-id-for-a-repeat", "2", "src/run/runner_dispatch.cpp",
           "if (!work.open_patch) work.open_patch =", "work.open_patch ="),
    Mutant("removal-on-a-fresh-connection", "2", "src/partner_center/client.cpp",
           "request.method = Method::patch;\n    request.connection = ConnectionUse::fresh;",
           "request.method = Method::patch;"),
    Mutant("200-is-not-yes", "3", "src/partner_center/read_answer.cpp",
           'equal_ignoring_case(root->string("relationshipToPartner"), "none");', "true;", compiler_may_object=True),
    Mutant("3000-needs-its-text", "3", "src/partner_center/classify.cpp",
           'return error.code == "3000" &&', 'return error.code == "3000" ||'),
    Mutant("404-is-not-removed", "3", "src/partner_center/classify.cpp",
           "if (status != 400 && status != 403) return false;", ""),
    Mutant("where-state-is", "4", "src/ledger/ledger.cpp",
           "ensure(update.exec() == 1,", "ensure(update.exec() <= 1,"),
    Mutant("legal-moves-only", "4", "src/ledger/ledger.cpp",
           "ensure(move.from == at && is_legal_move(move.from, move.to),", "ensure(true,"),
    Mutant("one-run-at-a-time", "4", "src/ledger/run_lock.cpp",
           "if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;", "return lock;", compiler_may_object=True),
    Mutant("strangers-are-refused", "4", "src/ledger/database.cpp",
           "if (!header.is_sqlite || header.application_id != k_application_id) {", "if (false) {"),
    Mutant("history-end-is-sealed", "4", "src/ledger/verify.cpp",
           "if (rows_ != seq) report(", "if (false) report("),
    Mutant("history-is-chained", "4", "src/ledger/verify.cpp",
           "if (chain_hash(hash_, row) != row.hash) report(", "if (false) report("),
    Mutant("retry-after-is-kept", "5", "src/pace/retry.cpp",
           "return Again{*retry_after + k_rounding + extra};", "return Again{extra};", compiler_may_object=True),
    Mutant("retry-after-is-on-disk", "5", "src/run/runner.cpp",
           "if (reply.retry_after) note_unanswered(journey, reply);\n  if (again == nullptr) {", "if (again == nullptr) {"),
    Mutant("throttling-uses-no-attempt", "5", "src/pace/retry.cpp",
           "if (trouble == Trouble::unanswered && count >= limits.max_attempts)", "if (count >= limits.max_attempts)",
           compiler_may_object=True),
    Mutant("several-throttled-stop-all", "5", "src/pace/gate.cpp",
           "if (customers >= k_several) close_until(latest);", "", compiler_may_object=True),
    Mutant("next-page-stays-on-the-host", "6", "src/partner_center/next_link.cpp",
           "if (url->origin() != base.origin()) {", "if (false) {"),
    Mutant("next-page-stays-with-the-customer", "1", "src/partner_center/next_link.cpp",
           "if (!starts_with_ignoring_case(path, own) || has_disguised_path(path)) {", "if (false) {",
           compiler_may_object=True),
    Mutant("secrets-are-blotted-out", "6", "src/partner_center/client.cpp",
           "    blot_out_secrets(ask, *result);\n", "", compiler_may_object=True),
    Mutant("token-file-is-private", "6", "src/partner_center/credentials.cpp",
           "replace_file(target, Readers::owner_only,", "replace_file(target, Readers::by_umask,"),
    Mutant("rotation-is-kept", "6", "src/run/session.cpp",
           "if (tokens.refresh_token) store_refresh_token(settings_.refresh_token_file, *tokens.refresh_token);", "",
           compiler_may_object=True),
    Mutant("redirects-are-not-followed", "6", "src/http/curl_transport.cpp",
           "curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);", "curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);"),
    Mutant("limit-on-removals", "-", "src/run/runner_dispatch.cpp",
           "if (!is_open && removals_begun_ >= job_.policy.max_patches.value_or(INT_MAX)) {", "if (false) {"),
    Mutant("nothing-begins-after-a-stop", "-", "src/run/runner_dispatch.cpp",
           "while (!is_stopping() && !parts_.stop.is_asked() && out_.size()", "while (out_.size()"),
]
