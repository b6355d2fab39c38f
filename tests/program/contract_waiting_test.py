"""Waiting: 429 and Retry-After, and a service that is down."""
import email.utils
import json
import json
import math
import threading
import time

import harness
from harness import Answer, customer, guid

TOO_MANY = {"statusCode": 429, "message": "Rate limit is exceeded."}


def throttled(retry_after=None):
    return Answer(429, TOO_MANY, {} if retry_after is None else {"Retry-After": str(retry_after)})


def by_date(seconds):
    """A 429 that names a moment, at least so many seconds away."""
    def answer(request, honest):
        return throttled(email.utils.formatdate(math.ceil(time.time() + seconds), usegmt=True))
    return answer


class Throttled(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = self.service()

    def gaps(self, kind, number):
        """Seconds between one request of that kind and the next."""
        at = [request.at for request in self.server.of(kind, number)]
        return [later - earlier for earlier, later in zip(at, at[1:])]

    def test_a_read_is_repeated_and_never_before_retry_after(self):
        kinds = ("customer", "subscriptions", "entitlements")
        for number, kind in enumerate(kinds, 1):
            self.server.add(number)
            self.server.next(kind, throttled(1), number)
        self.job(self.server.url, [1, 2, 3])
        self.expect(0, "run")
        for number, kind in enumerate(kinds, 1):
            with self.subTest(kind):
                gap, = self.gaps(kind, number)
                self.assertGreaterEqual(gap, 1.0)
                self.assertEqual("patched", self.tenant(number)["state"])

    def test_a_date_is_a_retry_after_too(self):
        self.server.add(1)
        self.server.next("subscriptions", by_date(1.5), 1)
        self.job(self.server.url, [1])
        self.expect(0, "run")
        gap, = self.gaps("subscriptions", 1)
        self.assertGreaterEqual(gap, 1.45)

    def test_a_429_uses_up_no_attempt(self):
        self.server.add(1)
        for kind in ("customer", "patch"):
            self.server.next(kind, throttled(), 1, times=6)
        self.job(self.server.url, [1], retry={"max_attempts": 2, "max_wait": "100ms"})
        self.expect(0, "run")
        self.assertEqual(("patched", "7"), (self.tenant(1)["state"], self.tenant(1)["attempts"]))
        run, = self.report("runs")
        self.assertEqual("12", run["throttled"])
        self.assertEqual(str(len(self.server.requests)), run["requests"])

    def test_a_patch_is_repeated_with_the_same_id_and_never_before_retry_after(self):
        self.server.add(1)
        self.server.next("patch", throttled(1), 1)
        self.server.next("patch", by_date(1.2), 1)
        self.job(self.server.url, [1])
        self.expect(0, "run")
        first, second, third = self.server.of("patch", 1)
        self.assertEqual({first.request_id}, {second.request_id, third.request_id})
        self.assertGreaterEqual(second.at - first.at, 1.0)
        self.assertGreaterEqual(third.at - second.at, 1.15)
        self.assertEqual(("patched", "3"), (self.tenant(1)["state"], self.tenant(1)["attempts"]))

    def test_a_customers_own_429_delays_that_customer_alone(self):
        for number in range(1, 9):
            self.server.add(number)
        self.server.next("customer", throttled(2), 1)
        self.job(self.server.url, list(range(1, 9)), workers=1)
        self.expect(0, "run")
        first, second = self.server.of("customer", 1)
        self.assertGreaterEqual(second.at - first.at, 2.0)
        for number in range(2, 9):
            self.assertLess(self.server.of("patch", number)[0].at, second.at)
            self.assertLess(self.server.of("patch", number)[0].at - first.at, 1.9)

    def test_429s_for_several_customers_delay_everybody(self):
        several = 5
        for number in range(1, 11):
            self.server.add(number)
        last = []

        def refuse(request, honest):
            last.append(time.monotonic())
            return throttled(2)
        for number in range(1, several + 1):
            self.server.next("customer", refuse, number)
        self.job(self.server.url, list(range(1, 11)), workers=several)
        self.expect(0, "run")
        self.assertEqual(several, len(last))
        # What was on its way when the last 429 was given is nobody's fault; that takes milliseconds.
        during = [r for r in self.server.requests if max(last) + 0.7 < r.at < max(last) + 1.9]
        self.assertEqual([], during)
        for number in range(1, several + 1):
            gap, = self.gaps("customer", number)
            self.assertGreaterEqual(gap, 2.0)
        self.assertEqual({"patched"}, set(self.states()))

    def test_a_throttled_service_delays_work_and_fails_nobody(self):
        sim = self.simulator([customer(number) for number in range(1, 21)],
                             throttles=[{"scope": "partner", "limit": 25, "per_seconds": 1}])
        self.job(sim.url, list(range(1, 21)), workers=8)
        self.expect(0, "run")
        self.assertEqual({"patched"}, set(self.states()))
        self.assertEqual(20, sim.count("removed"))
        self.assertGreater(sim.count("throttled"), 0)
        own = [entry for entry in sim.log() if entry.get("early_scope") == "customer"]
        self.assertEqual([], own)
        careless = [entry for entry in sim.log() if entry.get("early_scope") == "partner" and entry["since_429_ms"] > 500]
        self.assertEqual([], careless)

    def test_headers_that_say_what_is_left_are_kept_to_and_status_tells_what_was_learned(self):
        for headers in ("structured", "dictionary", "pair", "epoch"):
            with self.subTest(headers):
                sim = self.simulator([customer(number) for number in range(1, 81)], throttles=[
                    {"scope": "partner", "model": "fixed_window", "limit": 160, "per_seconds": 3, "headers": headers}])
                self.token_file.unlink(missing_ok=True)
                self.job(sim.url, list(range(1, 81)), ledger=f"{headers}.db", workers=8)
                ended = self.expect(0, "check")
                self.assertEqual(0, sim.count("throttled"))
                self.assertIn("the service says that nothing is left of its quota", ended.said)
                pace = json.loads(self.expect(0, "status", "--format", "json").text)["pace"]
                self.assertGreater(pace["per_minute"], 60)
                self.assertIn(f"about {pace['per_minute']} requests a minute, learned on {pace['learned_at'][:10]}; "
                              f"more is tried after {pace['trial_after']} further", self.expect(0, "status").text)

    def test_a_429_without_retry_after_is_not_repeated_before_the_reset_that_it_names(self):
        self.server.add(1)
        self.server.next("customer", Answer(429, TOO_MANY, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2"}), 1)
        self.job(self.server.url, [1])
        self.expect(0, "run")
        gap, = self.gaps("customer", 1)
        self.assertGreaterEqual(gap, 2.0)

    def test_status_says_nothing_of_a_pace_that_was_not_learned(self):
        self.server.add(1)
        self.job(self.server.url, [1])
        self.expect(0, "run")
        self.assertNotIn("requests a minute", self.expect(0, "status").text)
        self.assertIsNone(json.loads(self.expect(0, "status", "--format", "json").text)["pace"])

    def test_a_wait_above_max_wait_leaves_the_tenant_and_the_next_run_asks_no_earlier(self):
        self.server.add(1)
        self.server.add(2)
        self.server.next("subscriptions", throttled(4), 1)
        self.job(self.server.url, [1, 2], retry={"max_wait": "500ms"})
        self.expect(5, "run")
        refused = self.server.of("subscriptions", 1)[-1].at
        self.assertEqual(["pending", "patched"], self.states())
        self.assertEqual("429", self.tenant(1)["http_status"])
        asked = len(self.server.of(None, 1))
        for command in ("run", "check"):
            self.expect(5, command)
            self.assertEqual(asked, len(self.server.of(None, 1)), "not asked again before its time")
        # A run that may wait does, and not less than it was told.
        self.job(self.server.url, [1, 2], retry={"max_wait": "1m"})
        self.expect(0, "run")
        self.assertGreaterEqual(self.server.of(None, 1)[asked].at - refused, 4.0)
        self.assertEqual("patched", self.tenant(1)["state"])

    def test_a_wait_above_max_wait_at_the_patch_keeps_its_id_for_the_next_run(self):
        self.server.add(1)
        self.server.next("patch", throttled(2), 1)
        self.job(self.server.url, [1], retry={"max_wait": "500ms"})
        self.expect(5, "run")
        self.assertEqual("patching", self.tenant(1)["state"])
        self.assertEqual(1, len(self.server.of("patch", 1)))
        self.job(self.server.url, [1], retry={"max_wait": "1m"})
        self.expect(0, "run")
        first, second = self.server.of("patch", 1)
        self.assertEqual(first.request_id, second.request_id)
        self.assertGreaterEqual(second.at - first.at, 2.0)

    def test_a_retry_after_that_says_nothing_sensible_does_no_harm(self):
        for number, value in enumerate(("soon", "-5", "", "1.5", "Tue, 99 Foo 2020 99:99:99 GMT",
                                        "Thu, 01 Jan 1970 00:00:00 GMT", "0"), 1):
            self.server.add(number)
            self.server.next("customer", throttled(value), number)
        self.job(self.server.url, list(range(1, 8)), retry={"max_wait": "2s"})
        self.expect(0, "run")
        self.assertEqual({"patched"}, set(self.states()))

    def test_a_retry_after_of_ages_ends_the_run_with_5(self):
        for value in ("99999999999999999999", "31536000000"):
            with self.subTest(value):
                self.server.add(1)
                self.server.next("customer", throttled(value), 1)
                self.ledger.unlink(missing_ok=True)
                self.job(self.server.url, [1])
                self.expect(5, "run")
                self.assertEqual("pending", self.tenant(1)["state"])


class Down(harness.Case):
    def test_a_service_that_is_down_is_asked_little_and_the_run_ends_with_5(self):
        for trouble in ({"fault": "status", "status": 503}, {"fault": "reset_before"}, {"fault": "html_502"}):
            with self.subTest(trouble):
                sim = self.simulator([customer(number) for number in range(1, 41)],
                                     faults=[{"match": {"path_contains": "/customers/"}, **trouble}])
                self.token_file.unlink(missing_ok=True)
                self.job(sim.url, list(range(1, 41)), ledger=f"{sim.port}.db", workers=4, retry={"max_wait": "300ms"})
                self.expect(5, "run")
                self.assertEqual({"pending"}, set(self.states()))
                # 4 workers, a few tenants in a row until it shows, then 3 probes.
                self.assertLessEqual(len([e for e in sim.log() if e["customer"]]), 20)
                sim.restart(faults=[])
                self.expect(0, "run")
                self.assertEqual({"patched"}, set(self.states()))
                self.assertEqual(40, sim.count("removed"))
                sim.stop()

    def test_nobody_there_at_all_is_5_and_the_next_run_goes_on(self):
        sim = self.simulator([customer(number) for number in range(1, 11)])
        self.job(sim.url, list(range(1, 11)), retry={"max_wait": "300ms"}, policy={"max_patches": 3})
        self.expect(5, "run")
        self.assertEqual(3, self.states().count("patched"))
        sim.stop()
        self.expect(5, "run")
        self.expect(5, "check")
        self.assertEqual(3, self.states().count("patched"))
        sim.restart()
        self.job(sim.url, list(range(1, 11)))
        self.expect(0, "run")
        self.assertEqual(10, sim.count("removed"))
        self.assertEqual(0, sim.count("second_removal_attempt"))

    def test_a_service_that_comes_back_is_found_by_a_probe(self):
        sim = self.simulator([customer(number) for number in range(1, 21)],
                             faults=[{"match": {"path_contains": "/customers/"}, "first": 7, "count": "overall",
                                      "fault": "status", "status": 503}])
        self.job(sim.url, list(range(1, 21)), retry={"max_attempts": 8, "max_wait": "1s"})
        self.expect(0, "run")
        self.assertEqual({"patched"}, set(self.states()))

    def test_probes_are_single(self):
        server = self.service()
        for number in range(1, 21):
            server.add(number)
        going, most_late, lock = [0], [0], threading.Lock()

        def slow(request, honest):
            with lock:
                going[0] += 1
                if len(server.of("customer")) > 12:
                    most_late[0] = max(most_late[0], going[0])
            time.sleep(0.1)
            with lock:
                going[0] -= 1
            return Answer(503)
        server.always("customer", slow)
        self.job(server.url, list(range(1, 21)), workers=4, retry={"max_attempts": 12, "max_wait": "50ms"})
        self.expect(5, "run")
        self.assertGreater(len(server.of("customer")), 12)
        self.assertEqual(1, most_late[0])

    def test_one_customer_in_trouble_is_no_outage(self):
        server = self.service()
        for number in range(1, 21):
            server.add(number)
        server.always("customer", Answer(503), number=1)
        self.job(server.url, list(range(1, 21)), retry={"max_wait": "100ms"})
        self.expect(5, "run")
        self.assertEqual(["pending"] + ["patched"] * 19, self.states())

    def test_patches_in_an_outage_are_settled_when_the_service_is_back(self):
        server = self.service()
        for number in range(1, 7):
            server.add(number)
        # The removals take place; their answers are lost, and then nobody answers at all.
        dark = threading.Event()

        def lost(request, honest):
            dark.set()
            honest()
            return Answer(reset=True)
        server.always("patch", lost)
        server.always("customer", lambda request, honest: Answer(reset=True) if dark.is_set() else honest())
        self.job(server.url, list(range(1, 7)), retry={"max_wait": "100ms"})
        self.expect(5, "run")
        self.assertNotIn("failed", self.states())
        self.assertEqual(len(server.removed), self.states().count("patching"))
        self.assertGreater(len(server.removed), 0)
        server.clear()
        sent = {number: len(server.of("patch", number)) for number in range(1, 7)}
        removed = set(server.removed)
        self.expect(0, "run")
        for number in range(1, 7):
            again = len(server.of("patch", number)) - sent[number]
            self.assertEqual(0 if guid(number) in removed else 1, again)


class Timeouts(harness.Case):
    def test_the_timeout_is_for_the_whole_request(self):
        sim = self.simulator([customer(1), customer(2)], faults=[
            {"match": {"customer": guid(1), "kind": "subscriptions"}, "first": 1, "fault": "drip"},
            {"match": {"customer": guid(2), "kind": "patch"}, "first": 1, "fault": "stall"}])
        self.job(sim.url, [1, 2], retry={"timeout": "2s", "max_wait": "100ms"})
        ended = self.expect(0, "run")
        self.assertGreaterEqual(ended.seconds, 2)
        self.assertEqual(2, len(sim.of("subscriptions", 1)))
        self.assertEqual(["patch", "customer", "patch"], sim.kinds(2)[3:])
        self.assertEqual(1, len({entry["request_id"] for entry in sim.of("patch", 2)}))

    def test_an_answer_without_end_is_given_up(self):
        sim = self.simulator([customer(1), customer(2)], faults=[
            {"match": {"customer": guid(1), "kind": "subscriptions"}, "first": 1, "fault": "huge_body", "bytes": 80000000}])
        self.job(sim.url, [1, 2], retry={"max_wait": "100ms"})
        self.expect(0, "run")
        self.assertEqual(["patched", "patched"], self.states())


if __name__ == "__main__":
    harness.main()
