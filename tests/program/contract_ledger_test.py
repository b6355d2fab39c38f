"""The ledger: whose file it is, what its history promises, and how tampering shows."""
import hashlib
import os
import re
import sqlite3
import stat
import threading

import harness
from harness import Answer, HISTORY_COLUMNS, customer, guid, wait_until

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ACTIVE = {"id": "s", "status": "active", "offer_name": "Mail"}

# The contract's table of states. Not drawn there, but told in its words: what is already removed becomes patched at once, an open
# PATCH of a withdrawn tenant may turn out to have worked, and `retry_failed` takes a failed tenant up again.
LEGAL = {">pending", "pending>checked", "checked>blocked", "checked>ready", "blocked>checked", "ready>checked", "ready>patching",
         "patching>patched", "patching>checked", "withdrawn>pending",
         *(f"{state}>{end}" for state in ("pending", "checked", "blocked", "ready", "patching", "failed", "withdrawn")
           for end in ("failed", "withdrawn") if state != end),
         "checked>patched", "withdrawn>patched", "failed>pending"}


class Files(harness.Case):
    def test_the_ledger_and_its_side_files_are_for_the_owner_alone(self):
        server = self.service()
        server.add(1)
        hold = threading.Event()
        self.addCleanup(hold.set)
        server.next("entitlements", lambda request, honest: [hold.wait(harness.TIMEOUT), honest()][1])
        self.job(server.url, [1], ledger="var/deep/job.db")
        mask = os.umask(0)
        try:
            going = self.start("run")
        finally:
            os.umask(mask)
        wait_until(lambda: server.of("entitlements"), "the run is in the middle")
        folder = self.folder / "var" / "deep"

        def modes():
            return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        during = modes()
        self.assertIn("job.db", during)
        self.assertEqual({0o600}, set(during.values()), during)
        hold.set()
        self.assertEqual(0, going.wait().code)
        self.assertEqual({0o600}, set(modes().values()), modes())
        for command in ("status", "report", "verify"):
            self.expect(0, command)
        self.assertEqual({0o600}, set(modes().values()), modes())
        self.assertEqual(b"SQLite format 3\0", (folder / "job.db").read_bytes()[:16])

    def test_a_file_that_is_no_ledger_is_1_and_not_touched(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [1])
        other = self.folder / "other.db"
        connection = sqlite3.connect(other)
        connection.executescript("create table tenant (name text); insert into tenant values ('mine'); "
                                 "create table history (seq integer);")
        connection.close()
        foreign = other.read_bytes()
        other.unlink()
        for name, content in (("text", b"tenant_id,company_name\r\n" * 100), ("a byte", b"x"),
                              ("noise", bytes(range(256)) * 64), ("another program's database", foreign),
                              ("half a header", b"SQLite format 3\0" + b"\0" * 20), ("a cut database", foreign[:5000])):
            for command in ("check", "run", "status", "report", "verify"):
                with self.subTest(name=name, command=command):
                    self.ledger.write_bytes(content)
                    ended = self.expect(1, command)
                    self.assertIn("job.db", ended.said)
                    self.assertEqual(content, self.ledger.read_bytes())
                    self.assertEqual(b"", ended.out)
        self.ledger.unlink()
        self.ledger.mkdir()
        for command in ("check", "run", "status", "report", "verify"):
            self.expect(1, command)
        self.assertEqual([], sim.log())

    def test_a_ledger_of_a_later_version_is_1_and_not_touched(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [1])
        self.expect(0, "run")
        asked = len(sim.log())
        connection = sqlite3.connect(self.ledger)
        version = connection.execute("pragma user_version").fetchone()[0]
        self.assertGreater(version, 0)
        connection.execute(f"pragma user_version = {version + 1}")
        connection.commit()
        connection.execute("pragma wal_checkpoint(truncate)")
        connection.close()
        content = self.ledger.read_bytes()
        for command in ("check", "run", "status", "report", "verify"):
            with self.subTest(command):
                ended = self.expect(1, command)
                self.assertIn("job.db", ended.said)
                self.assertEqual(content, self.ledger.read_bytes())
        self.assertEqual(asked, len(sim.log()))

    def test_the_history_table_has_the_columns_of_the_view(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [1])
        self.expect(0, "run")
        self.assertEqual(HISTORY_COLUMNS, [row[1] for row in self.query("pragma table_info(history)")])
        self.assertEqual([tuple(row.values()) for row in self.report("history")],
                         [tuple("" if cell is None else str(cell) for cell in row)
                          for row in self.query("select * from history order by seq")])


class History(harness.Case):
    def eventful(self):
        """A ledger with a story: every state, several runs, a list that changes."""
        faults = [{"match": {"kind": "patch", "customer": guid(3)}, "first": 9, "fault": "reset_before"},
                  {"match": {"kind": "patch", "customer": guid(4)}, "first": 1, "fault": "status", "status": 403, "code": "900150"},
                  {"match": {"kind": "patch", "customer": guid(5)}, "first": 1, "fault": "reset_after"},
                  {"match": {"kind": "subscriptions", "customer": guid(6)}, "first": 3, "fault": "status", "status": 503}]
        sim = self.simulator([customer(1), customer(2, subscriptions=[ACTIVE]), customer(3), customer(4), customer(5), customer(6),
                              customer(7, relationship="none"), customer(8)], faults=faults)
        self.job(sim.url, [1, 2, 3, 4, 5, 6, 7, 8, 9], retry={"max_wait": "50ms"})
        self.expect(5, "check")
        self.tenants([1, 2, 3, 4, 5, 6, 7, 9])
        self.expect(5, "run")
        self.tenants([1, 2, 3, 4, 5, 6, 7, 8, 9])
        self.job(sim.url, policy={"retry_failed": True}, retry={"max_wait": "50ms", "max_attempts": 12})
        self.expect(4, "run")
        self.assertEqual(["patched", "blocked", "patched", "patched", "patched", "patched", "patched", "patched", "failed"],
                         self.states())
        return sim

    def test_history_is_whole_legal_and_in_order(self):
        self.eventful()
        rows = self.report("history")
        self.assertEqual([str(number) for number in range(1, len(rows) + 1)], [row["seq"] for row in rows])
        self.assertEqual(sorted(row["at"] for row in rows), [row["at"] for row in rows])
        runs = {row["run_id"] for row in self.report("runs")}
        self.assertEqual(runs, {row["run_id"] for row in rows})
        where = {}
        seen = set()
        for row in rows:
            self.assertRegex(row["at"], TIME)
            self.assertEqual(where.get(row["tenant_id"], ""), row["from_state"])
            where[row["tenant_id"]] = row["to_state"]
            seen.add(f"{row['from_state']}>{row['to_state']}")
            self.assertNotEqual("", row["reason"])
        self.assertEqual(set(), seen - LEGAL)
        self.assertGreater(len(seen), 10)
        self.assertEqual({row["tenant_id"]: row["state"] for row in self.report()}, where)
        self.assert_sound()

    def test_anyone_can_recompute_the_hashes(self):
        self.eventful()
        hashed = "0" * 64
        for row in self.query("select * from history order by seq"):
            text = "".join("-," if cell is None else f"{len(str(cell).encode())}:{cell}," for cell in (hashed, *row[:-1]))
            hashed = hashlib.sha256(text.encode()).hexdigest()
            self.assertEqual(hashed, row[-1])
        self.assertIn(hashed, self.expect(0, "verify").text)

    def test_a_check_that_finds_nothing_new_moves_checked_at_and_adds_no_row(self):
        sim = self.simulator([customer(1), customer(2, subscriptions=[ACTIVE]), customer(3, entitlements=[{"type": "software"}])])
        self.job(sim.url, [1, 2, 3])
        self.expect(3, "check")
        history, tenants, blockers = self.report("history"), self.report(), self.report("blockers")
        for command in ("check", "check"):
            self.expect(3, command)
        self.assertEqual(history, self.report("history"))
        self.assertEqual(blockers, self.report("blockers"), "and `since` stays")
        for before, after in zip(tenants, self.report()):
            self.assertLess(before["checked_at"], after["checked_at"])
            self.assertEqual(before["state"], after["state"])
        self.assertEqual(3, len(self.report("runs")))

    def test_since_stays_for_a_blocker_that_stays_when_another_comes(self):
        sim = self.simulator([customer(1, subscriptions=[ACTIVE])])
        self.job(sim.url, [1])
        self.expect(3, "check")
        first, = self.report("blockers")
        sim.restart(customers=[customer(1, subscriptions=[{"id": "t", "status": "pending"}, ACTIVE])])
        self.expect(3, "check")
        by_code = {row["code"]: row for row in self.report("blockers")}
        self.assertEqual(first["since"], by_code["active-subscription"]["since"])
        self.assertLess(first["since"], by_code["pending-subscription"]["since"])

    def test_checks_leave_what_is_finished_alone(self):
        sim = self.eventful()
        asked = {number: len(sim.of(None, number)) for number in (1, 7)}
        tenants = {row["tenant_id"]: row for row in self.report()}
        self.expect(4, "check")
        for number, count in asked.items():
            self.assertEqual(count, len(sim.of(None, number)))
            self.assertEqual(tenants[guid(number)], self.tenant(number))


class Tampering(harness.Case):
    def setUp(self):
        super().setUp()
        sim = self.simulator([customer(1), customer(2, subscriptions=[ACTIVE]), customer(3)])
        self.job(sim.url, [1, 2, 3, 9])
        self.expect(4, "run")
        self.rows = len(self.report("history"))
        self.assertGreater(self.rows, 12)
        self.whole = self.ledger.read_bytes()

    def altered(self, *statements):
        """The ledger as it was, then these statements with the guards out of the way and back again."""
        for end in ("-wal", "-shm"):
            self.ledger.with_name("job.db" + end).unlink(missing_ok=True)
        self.ledger.write_bytes(self.whole)
        connection = sqlite3.connect(self.ledger, isolation_level=None)
        guards = connection.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
        self.assertGreaterEqual(len(guards), 2)
        for name, _ in guards:
            connection.execute(f"drop trigger {name}")
        for statement in statements:
            connection.execute(statement)
            self.assertNotEqual(0, connection.execute("select changes()").fetchone()[0], statement)
        for _, sql in guards:
            connection.execute(sql)
        connection.close()

    def assert_detected(self, *statements):
        with self.subTest(statements):
            self.altered(*statements)
            ended = self.expect(1, "verify")
            self.assertNotEqual(b"", ended.err)

    def test_an_unaltered_ledger_passes_even_after_its_guards_were_made_anew(self):
        self.altered("update history set seq = seq")
        self.expect(0, "verify")

    def test_a_change_in_any_column_shows(self):
        row = self.query("select seq from history where to_state = 'patched'")[0][0]
        for change in ("at = '2001-01-01T00:00:00.000Z'", "run_id = 'x'", f"tenant_id = '{guid(2)}'", "from_state = 'ready'",
                       "to_state = 'failed'", "reason = 'already-removed'", "http_status = 201", "error_code = '1'",
                       f"request_id = '{guid(7)}'", "correlation_id = null", "hash = upper(hash)", "http_status = null",
                       "reason = reason || ' '"):
            self.assert_detected(f"update history set {change} where seq = {row}")

    def test_an_empty_text_is_not_the_same_as_nothing(self):
        self.assert_detected("update history set error_code = '' where error_code is null")

    def test_rows_that_go_come_or_change_places_show(self):
        last = self.rows
        self.assert_detected(f"delete from history where seq = {last}")
        self.assert_detected(f"delete from history where seq > {last - 3}")
        self.assert_detected("delete from history where seq = 5")
        self.assert_detected("delete from history where seq = 5", "update history set seq = seq - 1 where seq > 5")
        self.assert_detected("delete from history")
        self.assert_detected("delete from history where seq = 1")
        self.assert_detected(f"insert into history select seq + 1, at, run_id, tenant_id, to_state, 'withdrawn', reason, http_status, "
                             f"error_code, request_id, correlation_id, hash from history where seq = {last}")
        self.assert_detected("update history set seq = -1 where seq = 6", "update history set seq = 6 where seq = 7",
                             "update history set seq = 7 where seq = -1")

    def test_a_row_that_was_made_anew_with_a_fitting_hash_shows(self):
        rows = self.query("select * from history order by seq")
        before, row = rows[-2], list(rows[-1])
        row[6] = "made up"
        text = "".join("-," if cell is None else f"{len(str(cell).encode())}:{cell}," for cell in (before[-1], *row[:-1]))
        self.assert_detected(f"update history set reason = 'made up', hash = '{hashlib.sha256(text.encode()).hexdigest()}' "
                             f"where seq = {self.rows}")

    def test_a_state_that_the_history_does_not_tell_shows(self):
        self.assert_detected(f"update tenant set state = 'patched' where tenant_id = '{guid(2)}'")

    def test_the_guards_refuse_a_change_and_their_loss_shows(self):
        connection = sqlite3.connect(self.ledger)
        for statement in ("update history set reason = 'x'", "delete from history",
                          "insert into history select seq + 5, at, run_id, tenant_id, from_state, to_state, reason, http_status, "
                          "error_code, request_id, correlation_id, hash from history where seq = 1"):
            with self.assertRaises(sqlite3.DatabaseError):
                connection.execute(statement)
        connection.close()
        self.expect(0, "verify")

    def test_a_damaged_file_is_1(self):
        size = int.from_bytes(self.whole[16:18], "big")
        pages = range(len(self.whole) // size)
        self.assertGreater(len(pages), 5)
        for page in pages:
            with self.subTest(page=page):
                for end in ("-wal", "-shm"):
                    self.ledger.with_name("job.db" + end).unlink(missing_ok=True)
                self.ledger.write_bytes(self.whole[:page * size] + b"\xa5" * size + self.whole[(page + 1) * size:])
                self.expect(1, "verify")
        with self.subTest("cut"):
            self.ledger.write_bytes(self.whole[:3 * size])
            self.expect(1, "verify")


class Runs(harness.Case):
    def test_a_run_is_recorded_with_what_it_did(self):
        server = self.service()
        for number in (1, 3):
            server.add(number)
        server.add(2, subscriptions=[ACTIVE])
        server.next("customer", Answer(429, b""), number=1, times=2)
        self.job(server.url, [1, 2, 3, 9], retry={"max_wait": "100ms"})
        self.expect(4, "check")
        self.expect(4, "run")
        check, run = self.report("runs")
        self.assertEqual(("check", "run"), (check["command"], run["command"]))
        for row in (check, run):
            self.assertRegex(row["started_at"], TIME)
            self.assertRegex(row["ended_at"], TIME)
            self.assertLessEqual(row["started_at"], row["ended_at"])
            self.assertEqual("4", row["exit_code"])
            self.assertEqual("4", row["tenants"])
            self.assertRegex(row["run_id"], r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
            self.assertIn(row["version"], self.plain("--version").text)
            self.assertTrue(row["user"] and row["host"] and row["outcome"])
        self.assertEqual(("0", "1", "1", "2"), tuple(check[c] for c in ("patched", "blocked", "failed", "throttled")))
        self.assertEqual(("2", "1", "1", "0"), tuple(run[c] for c in ("patched", "blocked", "failed", "throttled")))
        self.assertEqual(len(server.requests), int(check["requests"]) + int(run["requests"]))
        self.assertEqual(run["run_id"], self.tenant(1)["run_id"])


if __name__ == "__main__":
    harness.main()
