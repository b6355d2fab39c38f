"""Signals: what is finished, what is dropped, and how soon."""
import threading
import time

import harness
from harness import Answer, SIGINT, SIGTERM, customer, wait_until


class Signals(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = self.service()
        self.release = threading.Event()
        self.addCleanup(self.release.set)

    def patch_in_flight(self, others=12, answer=True):
        """A run whose PATCH for tenant 1 is under way, while the reads of all others hang."""
        for number in range(1, others + 1):
            self.server.add(number)

        def held(request, honest):
            whole = honest()
            self.release.wait(harness.TIMEOUT)
            return whole if answer else Answer(reset=True)
        self.server.always("patch", held, number=1)
        for number in range(2, others + 1):
            self.server.always("subscriptions", Answer(503, until=self.release), number)
        self.job(self.server.url, list(range(1, others + 1)), workers=4)
        going = self.start("run")
        wait_until(lambda: self.server.of("patch", 1) and len(self.server.of("subscriptions")) >= 4, "all workers are busy")
        return going

    def test_a_patch_in_flight_is_finished_and_none_begins(self):
        for number in (SIGTERM, SIGINT):
            with self.subTest(number):
                self.ledger.unlink(missing_ok=True)
                self.server.requests.clear()
                self.server.removed.clear()
                self.release.clear()
                going = self.patch_in_flight()
                asked = len(self.server.requests)
                going.send(number)
                time.sleep(1)
                self.assertTrue(going.is_going(), "it waits for the answer")
                at = time.monotonic()
                self.release.set()
                ended = going.wait()
                self.assertEqual(5, ended.code, ended)
                self.assertLess(time.monotonic() - at, 15)
                self.assertEqual(["patched"] + ["pending"] * 11, self.states())
                self.assertEqual(asked, len(self.server.requests), "nothing was asked any more")
                self.assert_sound()

    def test_no_patch_begins_after_the_signal_although_tenants_are_free(self):
        sim = self.simulator([customer(number) for number in range(1, 101)], latency_ms=30)
        self.job(sim.url, list(range(1, 101)), workers=4)
        going = self.start("run")
        wait_until(lambda: len(sim.of("patch")) >= 5, "some are removed")
        going.send(SIGTERM)
        # The signal is taken at once; what was handed out before it may still arrive.
        time.sleep(0.3)
        sent = len(sim.of("patch"))
        ended = going.wait()
        self.assertEqual(5, ended.code, ended)
        self.assertEqual(sent, len(sim.of("patch")))
        self.assertLess(sent, 100)
        self.assertEqual(sent, self.states().count("patched"))
        self.expect(0, "run")
        self.assertEqual(100, sim.count("removed"))
        self.assertEqual(100, len(sim.of("patch")))

    def test_a_patch_without_an_answer_is_waited_for_ten_seconds_and_read_back_by_the_next_run(self):
        going = self.patch_in_flight(4)
        going.send(SIGTERM)
        at = time.monotonic()
        ended = going.wait()
        self.assertEqual(5, ended.code, ended)
        self.assertGreater(time.monotonic() - at, 8)
        self.assertLess(time.monotonic() - at, 15)
        self.assertEqual("patching", self.tenant(1)["state"])
        self.release.set()
        self.server.clear()
        self.expect(0, "run")
        self.assertEqual(1, len(self.server.of("patch", 1)))
        self.assertEqual("patched", self.tenant(1)["state"])

    def test_reads_are_dropped(self):
        for number in range(1, 5):
            self.server.add(number)
        self.server.always("entitlements", Answer(503, until=self.release))
        for command in ("run", "check"):
            with self.subTest(command):
                self.server.requests.clear()
                self.job(self.server.url, [1, 2, 3, 4])
                going = self.start(command)
                wait_until(lambda: len(self.server.of("entitlements")) == 4, "all workers read")
                at = time.monotonic()
                going.send(SIGTERM)
                self.assertEqual(5, going.wait().code)
                self.assertLess(time.monotonic() - at, 5)
                self.assertEqual([], self.server.of("patch"))

    def test_a_second_signal_ends_at_once(self):
        going = self.patch_in_flight(4)
        going.send(SIGTERM)
        wait_until(lambda: "stop" in going.said().lower(), "the first signal is taken")
        self.assertTrue(going.is_going())
        at = time.monotonic()
        going.send(SIGTERM)
        ended = going.wait()
        self.assertLess(time.monotonic() - at, 3)
        self.assertEqual(5, ended.code, ended)
        self.release.set()
        self.server.clear()
        self.expect(0, "run")
        self.assertEqual(1, len(self.server.of("patch", 1)), "removed by the first run, found out by the second")
        self.assert_sound()

    def test_a_wait_is_no_obstacle(self):
        self.server.add(1)
        self.server.always("customer", Answer(429, b"", {"Retry-After": "60"}))
        self.job(self.server.url, [1], retry={"max_wait": "5m"})
        going = self.start("run")
        wait_until(lambda: self.server.of("customer"), "throttled")
        time.sleep(0.2)
        at = time.monotonic()
        going.send(SIGINT)
        self.assertEqual(5, going.wait().code)
        self.assertLess(time.monotonic() - at, 5)
        self.assertEqual(1, len(self.server.of("customer")))

    def test_login_and_invite_can_be_stopped_too(self):
        sim = self.simulator([], sign_in={"device_code_pending": 1000})
        self.job(sim.url, [1])
        going = self.start("login")
        wait_until(lambda: "SIMU-LATE" in going.said() and sim.of("token"), "it waits for a person")
        at = time.monotonic()
        going.send(SIGINT)
        self.assertEqual(5, going.wait().code)
        self.assertLess(time.monotonic() - at, 5)
        self.server.always("token", Answer(503, until=self.release))
        self.job(self.server.url, [1])
        going = self.start("invite")
        wait_until(lambda: self.server.of("token"), "it asks")
        at = time.monotonic()
        going.send(SIGTERM)
        # A sign-in may bring the only good refresh token, so it may be waited for as a PATCH is.
        self.assertEqual(5, going.wait().code)
        self.assertLess(time.monotonic() - at, 15)

    def test_stopped_again_and_again_every_tenant_is_removed_once(self):
        count = 60
        sim = self.simulator([customer(number) for number in range(1, count + 1)], latency_ms=10, latency_jitter_ms=30,
                             faults=[{"match": {"kind": "patch"}, "probability": 0.2, "fault": "reset_after"},
                                     {"match": {"method": "GET"}, "probability": 0.05, "fault": "status", "status": 503}])
        self.job(sim.url, list(range(1, count + 1)), retry={"max_wait": "200ms", "max_attempts": 6})
        interrupted = 0
        for turn in range(60):
            going = self.start("run")
            before = len(sim.log())
            wait_until(lambda: not going.is_going() or len(sim.log()) > before + 20 + turn, "some work is done")
            if going.is_going():
                going.send(SIGTERM)
            code = going.wait().code
            if code == 0:
                break
            self.assertEqual(5, code)
            interrupted += 1
        self.assertEqual(["patched"] * count, self.states())
        self.assertGreater(interrupted, 1)
        self.assertEqual(count, sim.count("removed"))
        self.assertEqual(0, sim.count("second_removal_attempt"))
        by_customer = {}
        for entry in sim.of("patch"):
            by_customer.setdefault(entry["customer"], set()).add(entry["request_id"])
        self.assertEqual({1}, {len(ids) for ids in by_customer.values()}, "one request id for each")
        self.assert_sound()


if __name__ == "__main__":
    harness.main()
