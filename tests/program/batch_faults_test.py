"""A night's batch against a service that throttles and fails in every way its simulator knows.

2,000 tenants (OFFBOARD_BATCH_TENANTS), 30 % blocked in every way there is, 1 % unknown to the service, 2 % removed before, a
quota for the whole partner, customers throttled by themselves, every fault of every kind of request on
several customers each, and a few that outlast a run. Then the service's own log and the audit report are held against
each other, tenant by tenant.
"""
import collections
import os
import sys
import time

import harness
from batch_world import CODES, FAULTS, KINDS, OF_A_TOKEN, Batch

SANITIZED = os.environ.get("OFFBOARD_SANITIZED") == "1"
TENANTS = int(os.environ.get("OFFBOARD_BATCH_TENANTS", 300 if SANITIZED else 2000))
SEED = int(os.environ.get("OFFBOARD_BATCH_SEED", 20261123))
WORKERS = 16
TIMEOUT = "4s" if SANITIZED else "2s"
MAX_ATTEMPTS = 4
# A few runs at most: what outlasts one is there to make the first end with 5.
MAX_RUNS = 4
# The first 429 of a window can be a customer's own; only when the third customer meets one does a client know that everybody
# is meant. What was sent until then is not too early.
LEARNING_MS = 2000 if SANITIZED else 500


class TheWholeBatch(harness.Case):
    def setUp(self):
        super().setUp()
        # A small batch has no room for each fault of each request on several customers.
        large = TENANTS >= 1000
        quota = ({"model": "sliding_window", "limit": TENANTS * 4 // 5, "per_seconds": 4} if large else
                 {"model": "token_bucket", "limit": 15, "per_seconds": 1, "burst": 60})
        self.batch = Batch(TENANTS, SEED, each=3 if large else 1, throttled=12 if large else 16, outlast=4,
                           throttles=[{"scope": "partner", **quota}])
        self.sim = self.simulator(**self.batch.world)
        self.job(self.sim.url, self.batch.listed, workers=WORKERS, report={"csv": "report.csv"},
                 retry={"max_attempts": MAX_ATTEMPTS, "max_wait": "20s", "timeout": TIMEOUT, "connect_timeout": "1s"})

    def test_the_log_of_the_service_and_the_report_agree(self):
        codes = self.run_to_the_end()
        self.log = self.sim.log()
        self.rows = {row["tenant_id"]: row for row in self.report()}
        self.patches = collections.defaultdict(list)
        for entry in self.log:
            if entry["kind"] == "patch":
                self.patches[entry["customer"]].append(entry)
        self.print_figures(codes)
        for check in (self.every_tenant_ended_as_it_must, self.what_is_patched_was_removed, self.nobody_else_was_touched,
                      self.a_removal_is_repeated_only_after_a_look, self.attempts_are_what_arrived,
                      self.every_wait_was_kept, self.every_fault_was_met, self.the_runs_are_counted_right):
            with self.subTest(check.__name__.replace("_", " ")):
                check()
        with self.subTest("the last run says what is left"):
            self.assertEqual(4, codes[-1], "unknown customers need a person")
            self.assertEqual(5, codes[0], "some faults outlast a run")
        self.assert_sound()
        self.nothing_is_left_but_the_blocked()

    def run_to_the_end(self):
        """The exit codes of the runs it took."""
        codes = []
        began = time.monotonic()
        while not codes or codes[-1] == 5:
            self.assertLess(len(codes), MAX_RUNS, f"it should be done by now: {codes}")
            ended = self.offboard("run", timeout=600)
            codes.append(ended.code)
            self.assertIn(ended.code, (4, 5), f"{ended}")
        self.seconds = time.monotonic() - began
        return codes

    def print_figures(self, codes):
        states = collections.Counter(row["state"] for row in self.rows.values())
        faults = [entry["fault"] for entry in self.log if entry["fault"]]
        print(f"\n{len(self.rows)} tenants in {self.seconds:.1f} s; {len(codes)} runs, exit codes {codes}; "
              f"{len(self.log)} requests, {sum(map(len, self.patches.values()))} of them PATCHes, {self.with_status(429)} "
              f"throttled, {len(faults)} faults of {len(set(faults))} kinds; {dict(states)}", file=sys.stderr, flush=True)

    def with_status(self, status):
        return sum(entry["status"] == status for entry in self.log)

    def removed(self):
        """How often the service removed whom."""
        return collections.Counter(entry["customer"] for entry in self.log if "removed" in entry["effects"])

    # ---- what must hold ------------------------------------------------------------------------------------

    def every_tenant_ended_as_it_must(self):
        self.assertEqual([row["tenant_id"] for row in self.batch.listed], list(self.rows), "every tenant, in list order")
        wrong = []
        for tenant, expected in self.batch.expected.items():
            row = self.rows[tenant]
            codes = tuple(sorted({blocker.split(":")[0] for blocker in row["blockers"].split(";") if blocker}))
            if (row["state"], codes) != (expected.state, expected.codes):
                wrong.append(f"{tenant}: {row['state']} {codes} {row['detail']}, expected: {expected}")
        self.assertEqual([], wrong)
        self.assertEqual(CODES, {code for expected in self.batch.expected.values() for code in expected.codes})

    def what_is_patched_was_removed(self):
        removed = self.removed()
        self.assertEqual({tenant for tenant, expected in self.batch.expected.items() if expected.removed}, set(removed))
        patched = {tenant for tenant, row in self.rows.items() if row["state"] == "patched"}
        gone_before = {row["id"] for row in self.batch.customers if row.get("relationship") == "none"}
        self.assertEqual(patched, set(removed) | gone_before, "patched: removed there now, or gone before")
        self.assertEqual({}, {tenant: times for tenant, times in removed.items() if times != 1}, "removed more than once")
        for effect in ("second_removal_attempt", "removed_while_blocked", "refused", "delegated_access_changed", "purged"):
            self.assertEqual(0, self.sim.count(effect), effect)

    def nobody_else_was_touched(self):
        asked = {entry["customer"] for entry in self.log if entry["customer"]}
        self.assertEqual(set(), asked & set(self.batch.unlisted), "a customer that is not listed")
        self.assertEqual(set(), asked - set(self.batch.expected))
        blocked = self.batch.with_state("blocked")
        self.assertEqual(set(), blocked & set(self.patches), "a PATCH for a blocked tenant")
        gone = {tenant for tenant, expected in self.batch.expected.items()
                if expected.state == "patched" and not expected.removed}
        self.assertEqual(set(), gone & set(self.patches), "a PATCH for a relationship that is gone")

    def a_removal_is_repeated_only_after_a_look(self):
        wrong = []
        story = collections.defaultdict(list)
        for entry in self.log:
            story[entry["customer"]].append(entry)
        for tenant, patches in self.patches.items():
            if len({entry["request_id"] for entry in patches}) != 1 or not patches[0]["request_id"]:
                wrong.append(f"{tenant}: one removal has one request id: {[entry['request_id'] for entry in patches]}")
            entries = story[tenant]
            before = {entry["kind"] for entry in entries[:entries.index(patches[0])] if entry["status"] == 200}
            if not {"customer", "subscriptions", "entitlements"} <= before:
                wrong.append(f"{tenant}: a PATCH after no more than {before}")
            for first, second in zip(patches, patches[1:]):
                between = [entry["kind"] for entry in entries[entries.index(first) + 1:entries.index(second)]]
                if first["status"] not in (401, 429) and "customer" not in between:
                    wrong.append(f"{tenant}: PATCH {second['seq']} after {first['seq']} ({first['status']}), between {between}")
        self.assertEqual([], wrong)

    def attempts_are_what_arrived(self):
        counted = {tenant: int(row["attempts"]) for tenant, row in self.rows.items()}
        self.assertEqual({tenant: len(self.patches[tenant]) for tenant in self.rows}, counted)

    def every_wait_was_kept(self):
        early = [entry for entry in self.log if "served_early" in entry["effects"] and
                 (entry["early_scope"] == "customer" or entry["since_429_ms"] > LEARNING_MS)]
        self.assertEqual([], early[:5], f"{len(early)} requests before their Retry-After")
        self.assertGreater(self.with_status(429), 20)
        self.assertTrue([entry for entry in self.log if entry["status"] == 429 and not entry["fault"]], "the quota was met")

    def every_fault_was_met(self):
        met = {(entry["kind"], entry["fault"], entry["status"]) for entry in self.log if entry["fault"]}
        names = {(kind, fault) for kind, fault, _ in met}
        for name in OF_A_TOKEN:
            self.assertIn(("token", FAULTS[name]["fault"]), names)
        for kind in KINDS:
            for name, rule in FAULTS.items():
                if name != "no_none" or kind == "patch":
                    self.assertIn((kind, rule["fault"]), names, name)
                if rule["fault"] == "status":
                    self.assertIn((kind, "status", rule["status"]), met)

    def the_runs_are_counted_right(self):
        runs = self.report("runs")
        # libcurl sends a GET again by itself when a kept connection turns out to be dead: more may arrive than was counted.
        self.assertLessEqual(sum(int(run["requests"]) for run in runs), len(self.log))
        self.assertEqual(self.with_status(429), sum(int(run["throttled"]) for run in runs))
        last = runs[-1] if runs[-1]["started_at"] > runs[0]["started_at"] else runs[0]
        states = collections.Counter(row["state"] for row in self.rows.values())
        self.assertEqual([states["patched"], states["blocked"], states["failed"]],
                         [int(last[column]) for column in ("patched", "blocked", "failed")])

    def nothing_is_left_but_the_blocked(self):
        """Another run asks for nobody but the blocked, and removes nobody."""
        self.expect(4, "run")
        asked = {entry["customer"] for entry in self.sim.log()[len(self.log):] if entry["customer"]}
        self.assertEqual(self.batch.with_state("blocked"), asked)
        self.assertEqual(len(self.removed()), self.sim.count("removed"))
        self.assertEqual({tenant: row["state"] for tenant, row in self.rows.items()},
                         {row["tenant_id"]: row["state"] for row in self.report()})


if __name__ == "__main__":
    harness.main()
