"""kill -9 at random moments of a batch, resumed each time, leads where an uninterrupted run leads.

400 tenants, the service failing in many ways, and OFFBOARD_KILLS (50) kills. A kill comes a drawn number of removals after the
run began, plus a drawn few milliseconds, so that it falls around the PATCHes whatever the speed of the machine; one in
five comes at a drawn time after the start instead. A seed fixes what is drawn, not where the threads stand then.

Compared with a run of the same world that nobody interrupts: names, state, blockers and note of every tenant. Times and ids
differ, and so does what tells how a tenant got there (attempts, http_status, error_code, detail).
"""
import collections
import os
import random
import sys
import time

import harness
from batch_world import Batch
from harness import wait_until

SANITIZED = os.environ.get("OFFBOARD_SANITIZED") == "1"
KILLS = int(os.environ.get("OFFBOARD_KILLS", 10 if SANITIZED else 50))
SEED = int(os.environ.get("OFFBOARD_BATCH_SEED", 20261123))
TENANTS = max(200 if SANITIZED else 400, 8 * KILLS)
MAX_REMOVALS = 4          # per killed run; five times this are left over for what still happens until the kill
MAX_DELAY = 0.015         # seconds from the last of them to the kill
MAX_EARLY = 0.3           # seconds from the start to a kill that does not wait for removals
MAX_RUNS_AFTERWARDS = 4


class Removals:
    """How many the service has carried out, from a log that grows."""

    def __init__(self, log_file):
        self._log = open(log_file, "rb")
        self._count = 0

    def count(self):
        self._count += sum(b'"effects":["removed"' in line for line in self._lines())
        return self._count

    def _lines(self):
        while (line := self._log.readline()):
            if not line.endswith(b"\n"):
                self._log.seek(-len(line), os.SEEK_CUR)
                return
            yield line

    def close(self):
        self._log.close()


class KilledAtRandomMoments(harness.Case):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.batch = Batch(TENANTS, SEED, each=0 if SANITIZED else 1, throttled=4, sign_ins=4, slow_faults=False,
                           latency_ms=6, latency_jitter_ms=6,
                           throttles=[{"scope": "partner", "model": "sliding_window", "limit": 1000, "per_seconds": 2}])

    def prepare(self):
        """A service and a job on it, with nothing done yet."""
        for file in self.folder.glob("job.db*"):
            file.unlink()
        self.token_file.unlink(missing_ok=True)
        self.sim = self.simulator(**self.batch.world)
        self.job(self.sim.url, self.batch.listed, workers=6, report={"csv": "report.csv", "json": "report.json"},
                 retry={"max_attempts": 4, "max_wait": "10s", "timeout": "5s", "connect_timeout": "2s"})

    def run_to_the_end(self):
        for _ in range(MAX_RUNS_AFTERWARDS):
            ended = self.offboard("run", timeout=300)
            self.assertIn(ended.code, (4, 5), f"{ended}")
            if ended.code == 4:
                return
        self.fail(f"still not at the end: {ended}")

    def run_and_kill(self, removals):
        """Whether it was still going when it was killed."""
        going = self.start("run")
        wanted = self.random.randint(1, MAX_REMOVALS)
        if self.random.random() < 0.2:
            time.sleep(self.random.uniform(0.002, MAX_EARLY))
        else:
            wanted += removals.count()
            wait_until(lambda: removals.count() >= wanted or not going.is_going(), "it removes or ends", every=0.002)
            time.sleep(self.random.uniform(0, MAX_DELAY))
        was_going = going.is_going()
        going.kill()
        going.close()
        return was_going

    def outcome(self):
        return {row["tenant_id"]: (row["company_name"], row["domain"], row["state"], row["blockers"], row["note"])
                for row in self.report()}

    def test_the_report_is_that_of_an_uninterrupted_run(self):
        began = time.monotonic()
        self.prepare()
        self.run_to_the_end()
        uninterrupted = self.outcome()
        calm = len(self.sim.log())
        self.sim.stop()
        self.assertEqual({tenant: expected.state for tenant, expected in self.batch.expected.items()},
                         {tenant: row[2] for tenant, row in uninterrupted.items()})

        self.prepare()
        removals = Removals(self.sim.log_file)
        self.addCleanup(removals.close)
        unanswered = 0
        for number in range(1, KILLS + 1):
            self.assertTrue(self.run_and_kill(removals), f"kill {number} of {KILLS} came when all was done: nothing is shown")
            if not self.ledger.exists():
                continue
            unanswered += len(self.query("select 1 from tenant where open_request_id is not null"))
            if number % 10 == 0:
                self.assert_sound()  # which works on what a killed run left
        self.run_to_the_end()
        print(f"\n{TENANTS} tenants, {KILLS} kills that left {unanswered} removals unanswered, "
              f"{time.monotonic() - began:.1f} s in all; {len(self.sim.log())} requests, "
              f"{calm} where nobody kills; patched by {self.reasons()}", file=sys.stderr, flush=True)

        self.assertGreater(unanswered, KILLS // 2, "the kills fell around the PATCHes")
        interrupted = self.outcome()
        self.assertEqual(list(uninterrupted), list(interrupted), "the same tenants, in list order")
        self.assertEqual([], [(tenant, row, interrupted[tenant], self.batch.expected[tenant])
                              for tenant, row in uninterrupted.items() if interrupted[tenant] != row])
        self.assert_nobody_was_removed_twice_or_wrongly()
        self.assert_history_tells_it_all()
        self.assert_nothing_is_left_over()

    def reasons(self):
        return dict(collections.Counter(row["reason"] for row in self.report("history") if row["to_state"] == "patched"))

    def assert_nobody_was_removed_twice_or_wrongly(self):
        log = self.sim.log()
        removed = collections.Counter(entry["customer"] for entry in log if "removed" in entry["effects"])
        self.assertEqual({tenant for tenant, expected in self.batch.expected.items() if expected.removed}, set(removed))
        self.assertEqual(1, max(removed.values()))
        for effect in ("second_removal_attempt", "removed_while_blocked", "refused", "purged"):
            self.assertEqual(0, self.sim.count(effect), effect)
        patched = {entry["customer"] for entry in log if entry["kind"] == "patch"}
        self.assertEqual(set(), patched & self.batch.with_state("blocked"))
        self.assertEqual(set(), patched & set(self.batch.unlisted))
        ids = collections.defaultdict(set)
        for entry in log:
            if entry["kind"] == "patch":
                ids[entry["customer"]].add(entry["request_id"])
        self.assertEqual([], [tenant for tenant, seen in ids.items() if len(seen) > 1], "one removal, one request id")
        # Written before the PATCH leaves: counted, though it may not have left.
        attempts = {row["tenant_id"]: int(row["attempts"]) for row in self.report()}
        sent = collections.Counter(entry["customer"] for entry in log if entry["kind"] == "patch")
        self.assertEqual([], [tenant for tenant in attempts if attempts[tenant] < sent[tenant]])

    def assert_history_tells_it_all(self):
        self.assert_sound()
        history = self.report("history")
        self.assertEqual(list(range(1, len(history) + 1)), [int(row["seq"]) for row in history])
        state = {}
        for row in history:
            self.assertEqual(state.get(row["tenant_id"], ""), row["from_state"], f"a step is missing before {row}")
            state[row["tenant_id"]] = row["to_state"]
        self.assertEqual({tenant: row[2] for tenant, row in self.outcome().items()}, state)
        runs = self.report("runs")
        self.assertEqual(len({row["run_id"] for row in history} - {row["run_id"] for row in runs}), 0, "runs on record")
        self.assertGreater(sum(run["outcome"] == "interrupted" for run in runs), KILLS // 2)

    def assert_nothing_is_left_over(self):
        """Beside the ledger's own files, the reports and the token stands nothing that a killed run had begun."""
        known = {"job.yaml", "tenants.csv", "refresh-token", "report.csv", "report.json", "job.db", "job.db-wal", "job.db-shm",
                 "job.db.lock", "refresh-token.lock", "simulator1", "simulator2"}
        self.assertEqual(set(), {file.name for file in self.folder.iterdir()} - known)


if __name__ == "__main__":
    harness.main()
