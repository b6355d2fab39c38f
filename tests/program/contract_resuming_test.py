"""Limits, fresh facts, and what a later run makes of what an earlier one left."""
import datetime
import time

import harness
from harness import Answer, customer, guid

ACTIVE = {"id": "s", "status": "active", "offer_name": "Mail"}


class Limits(harness.Case):
    def test_after_the_deadline_nothing_begins_and_the_next_run_goes_on(self):
        count = 40
        sim = self.simulator([customer(number) for number in range(1, count + 1)], latency_ms=100)
        self.job(sim.url, list(range(1, count + 1)), workers=2, policy={"deadline": "2s"})
        ended = self.expect(5, "run")
        self.assertGreaterEqual(ended.seconds, 2)
        self.assertLess(ended.seconds, 14)
        done = self.states().count("patched")
        self.assertTrue(0 < done < count, done)
        self.assertEqual(done, len(sim.of("patch")))
        run, = self.report("runs")
        begun = datetime.datetime.fromisoformat(run["started_at"])
        latest = max(datetime.datetime.fromisoformat(entry["at"]) for entry in sim.of("patch"))
        self.assertLess((latest - begun).total_seconds(), 3, "the deadline, and a second on a busy machine")
        self.job(sim.url, list(range(1, count + 1)), workers=20)
        self.expect(0, "run")
        self.assertEqual(count, sim.count("removed"))

    def test_max_patches_counts_tenants_begun_and_finishes_those(self):
        server = self.service()
        for number in range(1, 9):
            server.add(number)
        server.add(2, subscriptions=[ACTIVE])
        # Two PATCHes go unanswered and have to be repeated; that is still one tenant each.
        server.next("patch", Answer(503), number=1, times=2)
        server.next("patch", Answer(reset=True), number=3)
        self.job(server.url, list(range(1, 9)), workers=2, policy={"max_patches": 3}, retry={"max_wait": "200ms", "max_attempts": 6})
        self.expect(5, "run")
        begun = {r.customer for r in server.of("patch")}
        self.assertEqual(3, len(begun))
        self.assertEqual(begun, server.removed)
        self.assertEqual(3, self.states().count("patched"))
        self.assertNotIn("patching", self.states())
        self.expect(5, "run")
        self.assertEqual(6, self.states().count("patched"))
        # One is left, fewer than the limit.
        self.expect(3, "run")
        self.assertEqual(7, len(server.removed))
        self.assertEqual(["blocked"], [state for state in self.states() if state != "patched"])
        self.assertEqual(["3", "3", "1"], [str(int(after) - int(before)) for before, after in zip(
            ["0"] + [row["patched"] for row in self.report("runs")], [row["patched"] for row in self.report("runs")])])

    def test_256_workers_remove_everybody_once(self):
        sim = self.simulator([customer(number) for number in range(1, 301)], latency_ms=20)
        self.job(sim.url, list(range(1, 301)), workers=256)
        self.expect(0, "run")
        self.assertEqual((300, 300), (sim.count("removed"), len(sim.of("patch"))))
        self.assert_sound()

    def test_a_limit_that_is_just_enough_is_0(self):
        sim = self.simulator([customer(1), customer(2), customer(3, relationship="none")])
        self.job(sim.url, [1, 2, 3], policy={"max_patches": 2})
        self.expect(0, "run")
        self.assertEqual(["patched"] * 3, self.states())

    def test_what_failed_is_taken_up_again_only_with_retry_failed(self):
        sim = self.simulator([customer(1), customer(2)],
                             faults=[{"match": {"customer": guid(1), "kind": "patch"}, "first": 1, "fault": "status", "status": 403,
                                      "code": "900150", "description": "The role has no rights."}])
        self.job(sim.url, [1, 2])
        self.expect(4, "run")
        row = self.tenant(1)
        self.assertEqual(("failed", "403", "900150"), (row["state"], row["http_status"], row["error_code"]))
        requests = len(sim.log())
        self.expect(4, "run")
        self.assertEqual(requests, len(sim.log()))
        self.job(sim.url, [1, 2], policy={"retry_failed": True})
        self.expect(0, "run")
        self.assertEqual(["patched", "patched"], self.states())
        # The refusal was a definite answer: the next removal is a new request.
        first, second = sim.of("patch", 1)
        self.assertNotEqual(first["request_id"], second["request_id"])
        self.assert_sound()


class Freshness(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = self.service()
        self.server.add(1)

    READS = ["customer", "subscriptions", "entitlements"]

    def test_a_run_reads_anew_what_a_check_has_read(self):
        self.job(self.server.url, [1])
        self.expect(0, "check")
        self.expect(0, "run")
        self.assertEqual(self.READS * 2 + ["patch"], self.server.kinds(1))

    def test_facts_that_became_old_while_waiting_are_read_again_before_the_patch(self):
        self.server.next("patch", Answer(429, b"", {"Retry-After": "2"}), number=1)
        self.job(self.server.url, [1], policy={"recheck_after": "1s"})
        self.expect(0, "run")
        self.assertEqual(self.READS + ["patch"] + self.READS + ["patch"], self.server.kinds(1))
        first, second = self.server.of("patch", 1)
        self.assertEqual(first.request_id, second.request_id)

    def test_facts_that_became_old_during_the_reading_are_read_again(self):
        self.server.next("entitlements", lambda request, honest: [time.sleep(1.5), honest()][1], number=1)
        self.job(self.server.url, [1], policy={"recheck_after": "1s"})
        self.expect(0, "run")
        self.assertEqual(self.READS * 2 + ["patch"], self.server.kinds(1))
        reads = [r for r in self.server.of(None, 1) if r.kind == "customer"]
        self.assertLess(self.server.of("patch", 1)[0].at - reads[-1].at, 1.0)

    def test_facts_that_cannot_be_fresh_are_not_acted_upon(self):
        self.server.always("entitlements", lambda request, honest: [time.sleep(0.6), honest()][1], number=1)
        self.job(self.server.url, [1], policy={"recheck_after": "500ms"})
        self.expect(5, "run")
        self.assertEqual([], self.server.of("patch", 1))
        self.assertNotEqual("patched", self.tenant(1)["state"])

    def test_a_blocker_that_came_while_waiting_stops_the_removal(self):
        def then_blocked(request, honest):
            self.server.add(1, subscriptions=[ACTIVE])
            return Answer(429, b"", {"Retry-After": "2"})
        self.server.next("patch", then_blocked, number=1)
        self.job(self.server.url, [1], policy={"recheck_after": "1s"})
        self.expect(3, "run")
        self.assertEqual(1, len(self.server.of("patch", 1)))
        self.assertEqual(("blocked", "active-subscription:s"), (self.tenant(1)["state"], self.tenant(1)["blockers"]))


class WhatAnEarlierRunLeft(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = self.service()
        self.server.add(1)
        self.server.add(2)

    def leave_open(self, done):
        """A run that has sent a PATCH for tenant 1 and does not know what came of it."""
        self.server.always("patch", (lambda request, honest: [honest(), Answer(reset=True)][1]) if done else Answer(reset=True), number=1)
        dark = Answer(503)
        self.server.next("customer", lambda request, honest: honest(), number=1)
        self.server.always("customer", dark, number=1)
        self.job(self.server.url, [1, 2], retry={"max_wait": "50ms"})
        self.expect(5, "run")
        self.assertEqual(["patching", "patched"], self.states())
        self.assertEqual(done, guid(1) in self.server.removed)
        self.server.clear()
        self.seen = len(self.server.requests)

    def since(self):
        return [r for r in self.server.requests[self.seen:] if r.customer == guid(1)]

    def test_an_open_patch_is_read_back_before_anything_else(self):
        for done in (True, False):
            with self.subTest(done=done):
                self.server.removed.clear()
                self.server.requests.clear()
                self.leave_open(done)
                self.expect(0, "run")
                self.assertEqual("patched", self.tenant(1)["state"])
                self.assertEqual("customer", self.since()[0].kind)
                self.assertEqual(0 if done else 1, sum(r.kind == "patch" for r in self.since()))
                self.assertEqual(1, len({r.request_id for r in self.server.of("patch", 1)}))
                self.ledger.unlink()

    def test_an_open_patch_of_a_tenant_that_is_blocked_meanwhile_keeps_its_id(self):
        self.leave_open(done=False)
        self.server.add(1, subscriptions=[ACTIVE])
        for _ in range(2):
            self.expect(3, "run")
            self.assertEqual("blocked", self.tenant(1)["state"])
        self.assertFalse([r for r in self.since() if r.kind == "patch"])
        self.assertEqual(["patching>checked", "checked>blocked"], self.moves(1)[4:])
        self.server.add(1)
        self.expect(0, "run")
        self.assertEqual(1, len({r.request_id for r in self.server.of("patch", 1)}))
        self.assertEqual("patched", self.tenant(1)["state"])

    def test_an_open_patch_of_a_blocked_tenant_that_worked_after_all_is_found_out(self):
        self.leave_open(done=False)
        self.server.add(1, subscriptions=[ACTIVE])
        self.expect(3, "run")
        self.server.removed.add(guid(1))
        self.expect(0, "run")
        self.assertEqual("patched", self.tenant(1)["state"])
        self.assertFalse([r for r in self.since() if r.kind == "patch"])

    def test_an_open_patch_of_a_withdrawn_tenant_is_read_back_and_not_repeated(self):
        for done in (True, False):
            with self.subTest(done=done):
                self.server.removed.clear()
                self.server.requests.clear()
                self.leave_open(done)
                self.tenants([2])
                self.expect(0, "run")
                self.assertEqual([guid(2)], [row["tenant_id"] for row in self.report()])
                self.assertEqual({"customer"}, {r.kind for r in self.since()})
                self.assertEqual("patched" if done else "withdrawn", self.state_of(1))
                # Back on the list it is removed with the id of old, unless it was gone.
                self.tenants([1, 2])
                self.expect(0, "run")
                self.assertEqual("patched", self.tenant(1)["state"])
                self.assertEqual(0 if done else 1, sum(r.kind == "patch" for r in self.since()))
                self.assertEqual(1, len({r.request_id for r in self.server.of("patch", 1)}))
                self.assert_sound()
                self.ledger.unlink()


class TheListChanges(harness.Case):
    def test_a_withdrawn_tenant_is_never_patched_and_a_returning_one_starts_again(self):
        sim = self.simulator([customer(number) for number in range(1, 6)] + [customer(6, subscriptions=[ACTIVE])])
        self.job(sim.url, [1, 2, 3, 6, 9])
        self.expect(4, "check")
        self.tenants([2])
        self.expect(0, "run")
        self.assertEqual([guid(2)], [entry["customer"] for entry in sim.of("patch")])
        for number in (1, 3, 6, 9):
            self.assertEqual("withdrawn", self.state_of(number))
            self.assertTrue(self.moves(number)[-1].endswith(">withdrawn"))
        self.assertEqual(1, len(self.report()), "only listed tenants have a row")
        self.assertEqual([], self.report("blockers"))
        asked = len(sim.of(None, 3))
        self.expect(0, "run")
        self.assertEqual(asked, len(sim.of(None, 3)))
        self.tenants([3, 2, 9])
        self.expect(4, "run")
        self.assertEqual([guid(3), guid(2), guid(9)], [row["tenant_id"] for row in self.report()], "in list order")
        self.assertEqual(["patched", "patched", "failed"], self.states())
        self.assertIn("withdrawn>pending", self.moves(3))
        self.assertEqual(["withdrawn>pending", "pending>failed"], self.moves(9)[-2:])
        self.assertEqual(2, sim.count("removed"))
        self.assert_sound()

    def test_a_patched_tenant_stays_patched_whether_listed_or_not(self):
        sim = self.simulator([customer(1), customer(2)])
        self.job(sim.url, [1, 2])
        self.expect(0, "run")
        self.tenants([2])
        self.expect(0, "run")
        self.assertEqual("patched", self.state_of(1))
        self.tenants([2, 1])
        self.expect(0, "run")
        self.assertEqual(["patched", "patched"], self.states())
        self.assertEqual(2, len(sim.of("patch")))

    def test_a_list_that_expects_something_else_now_is_heeded(self):
        sim = self.simulator([customer(1)])
        self.job(sim.url, [{"tenant_id": guid(1), "company_name": "Somebody Else", "note": "old"}])
        self.expect(3, "check")
        self.tenants([{"tenant_id": guid(1), "company_name": "Company 1", "note": "new"}])
        self.expect(0, "run")
        row = self.tenant(1)
        self.assertEqual(("patched", "Company 1", "new"), (row["state"], row["company_name"], row["note"]))


if __name__ == "__main__":
    harness.main()
