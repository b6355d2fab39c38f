"""Sixteen kinds of trouble on the wire × five kinds of request, through real sockets: 80 cells.

The five are the request for a token, the reads of the customer, its subscriptions and its entitlements, and the PATCH. A cell
is a small job of its own: tenants that meet the trouble once, tenants that meet it as long as it lasts, one that is blocked,
two that meet nothing. A first run meets the trouble, in a second one it has ceased. After each run the service's own log and
the ledger are held against each other.

reset before send, reset   token, reads   tried again; where it lasts the run ends with 5 and the next one goes on
after effect, truncated,   PATCH          read back; gone: patched; not gone: sent again under its id; where it lasts 5,
garbage, wrong type,                      `patching`, and the next run reads back before anything else
HTML 502, empty 200,                      Each with the removal done and not done. A body of 10 GB is cut at the client's limit
1 byte per 100 ms, stall,                 within the memory of any other answer; a drip and a stall at the timeout.
10 GB body, deep JSON
TLS error                  all            bytes under TLS that are none of it, before and after the effect: as above
                           all            certificate not trusted, for another name, expired; TLS 1.1: nothing is sent over
                                          it, 5, and the message names ca_file
                           token          no ca_file at all: likewise
redirect to another host   token          7
                           reads, PATCH   4, `failed`, asked once; taken up again by retry_failed
foreign links.next         collections    blocked as incomplete-answer until it is gone
                           others         such a link means nothing there and is passed over
401 mid-run                token          7: sign-in is refused
                           reads, PATCH   once: signs in anew and goes on; always: 7, and the next run goes on
clock jumping              all            25 hours and 10 years, on and back, while the request is under way and about to be
                                          answered by a 429 whose Retry-After is a date: no wait is longer or shorter for it,
                                          nothing is patched on stale facts, the access token lasts
                           reads, PATCH   a wait written down while the clock was ahead ends in its time

Nothing may reach the host that redirects and links name, and no secret may be found in what the program leaves behind.
"""
import collections
import concurrent.futures
import datetime
import email.utils
import os
import pathlib
import resource
import shutil
import sys
import tempfile
import time
import unittest

import harness
import tls_front
from batch_world import nce
from harness import customer, guid

SANITIZED = os.environ.get("OFFBOARD_SANITIZED") == "1"
AT_ONCE = 4 if SANITIZED else 10   # jobs; most of their time they wait
PATIENCE = "4s" if SANITIZED else "1s"
LONGEST = 120 if SANITIZED else 30   # seconds for any one run
QUICK = LONGEST / 3               # a run with some requests that come to nothing, but not in this many seconds
MEMORY = 100 << 20                # of the program and of the simulator, the largest answers included
ADDRESSES = 1 << 30               # a program that does not keep its limit ends here, not with the machine's memory
FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)

KINDS = ("token", "subscriptions", "entitlements", "customer", "patch")
ONCE, ONCE_DONE, LASTING, LASTING_DONE, FREE, FREE_TOO, BLOCKED = 1, 3, 6, 7, 2, 5, 4
FOR_EVER = 1_000_000

# What cannot be told from a service that has not answered, and what the ledger then says of a read and of a PATCH. Whether
# the effect took place: both, unless the name says it.
UNANSWERED = {
    "reset before send": ({"fault": "reset_before"}, "cut", "cut"),
    "reset after effect": ({"fault": "reset_after"}, "cut", "cut"),
    "truncated": ({"fault": "truncate"}, "cut", "cut"),
    "garbage": ({"fault": "garbage"}, "cut", "cut"),
    "wrong type": ({"fault": "wrong_type"}, "garbled", "not-confirmed"),
    "HTML 502": ({"fault": "html_502"}, "", ""),
    "empty 200": ({"fault": "empty_200"}, "garbled", "not-confirmed"),
    "1 byte per 100 ms": ({"fault": "drip"}, "timeout", "timeout"),
    "stall": ({"fault": "stall"}, "timeout", "timeout"),
    "10 GB body": ({"fault": "huge_body", "bytes": 10_000_000_000}, "too-large", "too-large"),
    "deep JSON": ({"fault": "deep_json"}, "garbled", "not-confirmed"),
}
CERTIFICATES = ("untrusted", "another name", "expired", "TLS 1.1")
JUMPS = ("+25h", "-25h", "+10y", "-10y")


def of_effect(number):
    return "before" if number in (ONCE_DONE, LASTING_DONE) else "none"


class Cell(harness.Case):
    """What all cells have in common. `name` is the trouble, `kind` the request that meets it."""
    trouble = ""
    kind = ""
    variant = ""

    def setUp(self):
        super().setUp()
        self.elsewhere = self.listener()
        self.front = None
        self.said = ""

    def goes_as_it_must(self):
        self.go()
        self.nothing_leaked()

    def tenants_of(self, numbers):
        """A simulator that knows them; those listed for the blocked one have a living subscription."""
        harmless = [nce("deleted", id="s")]
        made = [customer(number, subscriptions=[nce("active", id="alive")] if number == BLOCKED else harmless)
                for number in numbers]
        self.numbers = list(numbers)
        return made

    def simulate(self, numbers, faults=(), **world):
        self.sim = self.simulator(customers=self.tenants_of(numbers), faults=list(faults), **world)

    def settle_job(self, **changes):
        url, more = self.sim.url, {}
        if self.front is not None:
            url, more = self.front.url, {"partner_center": {"ca_file": str(self.authority.file)}}
        self.job(url, self.numbers, **harness.merged(harness.merged(
            {"workers": 1, "retry": {"max_attempts": 2, "max_wait": "50ms", "timeout": PATIENCE,
                                     "connect_timeout": PATIENCE}}, more), changes))

    def run_to(self, code, variables=None):
        """One run; what must hold after every one."""
        command = [harness.OFFBOARD, "run", self.job_file]
        if not SANITIZED:
            command = ["prlimit", f"--as={ADDRESSES}", *command]
        going = harness.Going(command, self.folder, harness.environment(self.folder, **(variables or {})))
        self.addCleanup(going.close)
        ended = self.attend(going).wait(LONGEST)
        self.said += ended.said
        self.assertEqual(code, ended.code, str(ended))
        self.assert_sound()
        self.log = self.sim.log()
        self.rows = {row["tenant_id"]: row for row in self.report()}
        self.the_service_agrees()
        return ended

    def attend(self, going):
        """What is to be done while it runs."""
        return going

    # ---- what must hold ------------------------------------------------------------------------------------

    def the_service_agrees(self):
        removed = collections.Counter(entry["customer"] for entry in self.log if "removed" in entry["effects"])
        self.assertEqual({}, {tenant: times for tenant, times in removed.items() if times > 1}, "removed twice")
        patched = {tenant for tenant, row in self.rows.items() if row["state"] == "patched"}
        self.assertEqual(patched, self.settled(set(removed)), "patched, and only if the service says so")
        self.assertNotIn(guid(BLOCKED), {entry["customer"] for entry in self.log if entry["kind"] == "patch"})
        for effect in ("second_removal_attempt", "removed_while_blocked", "refused", "delegated_access_changed", "purged",
                       "served_early"):
            self.assertEqual([], [entry for entry in self.log if effect in entry["effects"]], effect)
        for number in self.numbers:
            self.removals_are_careful(guid(number))
        self.assertEqual((0, b""), (self.elsewhere.connections, self.elsewhere.received), "another host was spoken to")

    def settled(self, removed):
        """Of those that the service has removed, those of which the program can know."""
        return removed

    def removals_are_careful(self, tenant):
        """A PATCH comes after three sound reads, and again only after a look, under its first id."""
        story = [entry for entry in self.log if entry["customer"] == tenant]
        patches = [place for place, entry in enumerate(story) if entry["kind"] == "patch"]
        for before, place in zip([None, *patches], patches):
            if before is None:
                kinds = {entry["kind"] for entry in story[:place] if entry["status"] == 200}
                self.assertLessEqual({"customer", "subscriptions", "entitlements"}, kinds, "facts before a PATCH")
                continue
            last = story[before]
            if last["status"] not in (401, 429):
                self.assertIn("customer", [entry["kind"] for entry in story[before + 1:place]], "a look before it is repeated")
            # A redirection is a definite answer: whoever takes the tenant up again begins a removal of its own.
            same = last["request_id"] == story[place]["request_id"]
            self.assertEqual(last["fault"] != "redirect", same, "one removal, one request id")
        sent = len(patches) + self.kept_from_the_service(tenant)
        self.assertEqual(str(sent), self.rows[tenant]["attempts"], "attempts are what was sent")

    def kept_from_the_service(self, tenant):
        """PATCHes that left, and that the simulator never saw."""
        return 0

    def nothing_leaked(self):
        secrets = [harness.CLIENT_SECRET, harness.REFRESH_TOKEN, "sim-access-", "sim-refresh-"]
        left = {"what it said": self.said.encode()}
        for file in self.folder.iterdir():
            if file.is_file() and file != self.token_file:
                left[file.name] = file.read_bytes()
        for name, content in left.items():
            for secret in secrets:
                self.assertNotIn(secret.encode(), content, f"a secret in {name}")

    def states_are(self, expected=()):
        """Of tenants by number; all others are patched, and the blocked one blocked."""
        wanted = {guid(number): "blocked" if number == BLOCKED else "patched" for number in self.numbers}
        wanted.update({guid(number): state for number, state in dict(expected).items()})
        self.assertEqual(wanted, {tenant: row["state"] for tenant, row in self.rows.items()})

    def all_is_done(self):
        """Every unblocked tenant is patched, and one more run asks for nobody but the blocked one."""
        self.states_are()
        before = len(self.log)
        self.run_to(3)
        asked = {entry["customer"] for entry in self.log[before:] if entry["customer"]}
        self.assertEqual({guid(BLOCKED)}, asked)

    def of(self, kind, number, fault=None):
        return [entry for entry in self.log if entry["kind"] == kind and (not number or entry["customer"] == guid(number)) and
                (fault is None or entry["fault"] == fault)]


class Unanswered(Cell):
    """Tried again; a PATCH is read back first."""

    def go(self):
        self.fault, of_read, of_patch = self.what_it_is()
        self.code = of_patch if self.kind == "patch" else of_read
        self.lay()
        changes = {"retry": {"timeout": "20s"}} if self.trouble == "10 GB body" else {}
        self.settle_job(**changes)
        if self.kind == "token":
            return self.of_the_sign_in()
        left = [number for number in self.numbers if number == LASTING]
        ended = self.run_to(5 if left else 3)
        self.assertLess(ended.seconds, QUICK)
        self.states_are({number: "patching" if self.kind == "patch" else "pending" for number in left})
        for number in left:
            self.assertEqual(self.code, self.rows[guid(number)]["error_code"], self.rows[guid(number)])
        self.the_trouble_was_met()
        kept = {tenant: row["request_id"] for tenant, row in self.rows.items() if row["state"] == "patching"}
        seen = len(self.log)
        self.cease()
        self.run_to(3)
        for tenant, request_id in kept.items():
            again = [entry for entry in self.log[seen:] if entry["customer"] == tenant]
            self.assertEqual("customer", again[0]["kind"], "read back before anything else")
            self.assertEqual({request_id}, {entry["request_id"] for entry in again if entry["kind"] == "patch"})
        self.all_is_done()

    def what_it_is(self):
        return UNANSWERED[self.trouble]

    def lay(self):
        self.troubled = self.those_in_trouble()
        self.simulate(sorted({*self.troubled, FREE, FREE_TOO, BLOCKED}), self.rules())

    def those_in_trouble(self):
        if self.kind == "token":
            return ()
        if self.kind != "patch":  # for a read it is all one whether it had its effect
            return ONCE, LASTING
        return {"reset before send": (ONCE, LASTING), "reset after effect": (ONCE_DONE, LASTING_DONE)}.get(
            self.trouble, (ONCE, ONCE_DONE, LASTING, LASTING_DONE))

    def rule(self, number, times):
        effect = {} if self.fault["fault"].startswith("reset") else {"effect": of_effect(number)}
        return {"match": {"kind": self.kind, **({"customer": guid(number)} if self.kind != "token" else {})}, "first": times,
                **self.fault, **effect}

    def rules(self):
        if self.kind == "token":
            return [self.rule(FREE, FOR_EVER)]
        return [self.rule(number, 1 if number in (ONCE, ONCE_DONE) else FOR_EVER) for number in self.troubled]

    def cease(self):
        self.sim.restart(faults=[])

    def last_once(self):
        self.sim.restart(faults=[self.rule(FREE, 1)])

    def the_trouble_was_met(self):
        for number in self.troubled:
            met = len(self.of(self.kind, number, self.fault["fault"]))
            # A removal that took place is seen, and not tried again. libcurl itself repeats a read when its connection dies.
            times = (1,) if number != LASTING else (2,) if self.kind == "patch" else (2, 3, 4)
            self.assertIn(met, times, f"{self.fault} for {number}")

    def of_the_sign_in(self):
        self.run_to(7 if self.trouble == "10 GB body" else 5)
        self.states_are({number: "pending" for number in self.numbers})
        self.assertEqual([], [entry for entry in self.log if entry["kind"] != "token"], "nothing without a token")
        self.last_once()
        self.run_to(3)
        self.all_is_done()


class BrokenTls(Unanswered):
    """Bytes that are no TLS, from the front rather than from the simulator."""
    authority = None

    def what_it_is(self):
        return None, "cut", "cut"

    def lay(self):
        self.troubled = self.those_in_trouble()
        self.simulate(sorted({*self.troubled, FREE, FREE_TOO, BLOCKED}))
        self.garbage = tls_front.Garbage(self.kind, self.rules())
        self.front = tls_front.TlsFront(self.sim.port, self.authority, self.garbage)
        self.addCleanup(self.front.close)

    def rules(self):
        if self.kind == "token":
            return {"": (FOR_EVER, "before")}
        return {guid(number): (1 if number in (ONCE, ONCE_DONE) else FOR_EVER, of_effect(number)) for number in self.troubled}

    def cease(self):
        self.front.trouble = tls_front.Nothing()

    def last_once(self):
        self.front.trouble = tls_front.Garbage("token", {"": (1, "before")})

    def the_trouble_was_met(self):
        for number in self.troubled:
            self.assertEqual(2 if number == LASTING else 1, self.garbage.met[guid(number)])

    def kept_from_the_service(self, tenant):
        if self.kind != "patch" or self.garbage.rules.get(tenant, (0, ""))[1] != "none":
            return 0
        return self.garbage.met[tenant]


class BadCertificate(Cell):
    """Nothing is sent to a server that is not what it should be."""
    authority = None

    def go(self):
        self.simulate((ONCE, FREE, BLOCKED))
        self.front = tls_front.TlsFront(self.sim.port, self.authority, tls_front.BadCertificate(self.variant, self.kind))
        self.addCleanup(self.front.close)
        self.settle_job()
        self.run_to(5, {"OPENSSL_CONF": str(self.authority.lenient)} if self.variant == "TLS 1.1" else None)
        self.states_are({number: "patching" if (self.kind, number) == ("patch", ONCE) else "pending"
                         for number in self.numbers})
        self.assertIn(self.variant, self.front.shown)
        self.assertEqual(b"", self.front.leaked, "sent to a server that is not to be believed")
        self.assertEqual([], self.of(self.kind, 0), "and nothing of it reached the service")
        self.assertEqual("0", self.rows[guid(ONCE)]["attempts"])
        words = self.said + " ".join(row["detail"] for row in self.rows.values())
        if self.variant != "TLS 1.1":
            self.assertIn("certificate", words)
            self.assertIn("partner_center.ca_file", words)
        self.front.trouble = tls_front.Nothing()
        self.run_to(3)
        self.all_is_done()
        self.assertLessEqual(self.rows[guid(ONCE)]["attempts"], "1")


class UnknownAuthority(Cell):
    """A sound certificate of an authority that the program has not been told of."""
    authority = None

    def go(self):
        self.simulate((ONCE, BLOCKED))
        self.front = tls_front.TlsFront(self.sim.port, self.authority, tls_front.Nothing())
        self.addCleanup(self.front.close)
        self.settle_job(partner_center={"ca_file": None})
        self.assertIn("partner_center.ca_file", self.run_to(5).said)
        self.assertEqual(([], []), (self.front.answered, self.log))
        self.settle_job()
        self.run_to(3)
        self.all_is_done()


class Redirected(Cell):
    def go(self):
        rule = {"fault": "redirect", "location": self.elsewhere.url + "/v1/customers"}
        match = {"kind": self.kind}
        if self.kind == "token":
            self.simulate((FREE, FREE_TOO, BLOCKED), [{"match": match, **rule}])
            self.settle_job()
            self.run_to(7)
            self.assertEqual(1, len(self.log), "a definite answer")
        else:
            self.simulate((ONCE, FREE, LASTING, BLOCKED), [
                {"match": {**match, "customer": guid(ONCE)}, "first": 1, **rule},
                {"match": {**match, "customer": guid(LASTING)}, **rule}])
            self.settle_job()
            self.run_to(4)
            failed = {number: "failed" for number in (ONCE, LASTING)}
            self.states_are(failed)
            for number in (ONCE, LASTING):
                self.assertEqual(1, len(self.of(self.kind, number)), "a definite answer")
            seen = len(self.log)
            self.sim.restart(faults=[])
            self.run_to(4)
            self.states_are(failed)
            self.assertEqual({guid(BLOCKED)}, {entry["customer"] for entry in self.log[seen:] if entry["customer"]})
            self.settle_job(policy={"retry_failed": True})
        self.sim.restart(faults=[])
        self.run_to(3)
        self.all_is_done()


class ForeignLink(Cell):
    def go(self):
        rule = {"fault": "foreign_next", "location": self.elsewhere.url}
        match = {"kind": self.kind}
        troubled = () if self.kind == "token" else (ONCE, LASTING)
        self.simulate(sorted({*troubled, FREE, FREE_TOO, BLOCKED}), [
            {"match": {**match, "customer": guid(number)}, "first": 1 if number == ONCE else FOR_EVER, **rule}
            for number in troubled] or [{"match": match, **rule}])
        self.settle_job()
        self.run_to(3)
        self.assertNotEqual([], self.of(self.kind, 0, "foreign_next"))
        if self.kind in ("subscriptions", "entitlements"):
            self.states_are({number: "blocked" for number in troubled})
            for number in troubled:
                self.assertTrue(self.rows[guid(number)]["blockers"].startswith("incomplete-answer:"), self.rows[guid(number)])
        else:
            self.states_are()
        self.sim.restart(faults=[])
        self.run_to(3)
        self.all_is_done()


class Unauthorized(Cell):
    def go(self):
        rule = {"fault": "status", "status": 401}
        if self.kind == "token":
            self.simulate((FREE, FREE_TOO, BLOCKED), [{"match": {"kind": "token"}, **rule}])
        else:
            self.simulate(sorted((ONCE, FREE, FREE_TOO, BLOCKED, LASTING)), [
                {"match": {"kind": self.kind, "customer": guid(ONCE)}, "first": 1, **rule},
                {"match": {"kind": self.kind, "customer": guid(LASTING)}, **rule}])
        self.settle_job()
        self.run_to(7)
        self.assertIn("offboard login", self.said)
        if self.kind == "token":
            self.assertEqual(1, len(self.log), "a definite answer")
        else:
            left = "patching" if self.kind == "patch" else "pending"
            self.states_are({LASTING: left})
            self.assertEqual(2, len(self.of(self.kind, LASTING)), "signs in anew once")
            self.assertEqual(3, len(self.of("token", 0)))
        self.sim.restart(faults=[])
        self.run_to(3)
        self.all_is_done()


class WithFaketime(Cell):
    def setUp(self):
        super().setUp()
        self.assertIsNotNone(FAKETIME, "the package faketime is missing")

    def clock(self, **more):
        """What makes the wall clock a false one, and no other clock."""
        return {"LD_PRELOAD": str(FAKETIME), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_NO_CACHE": "1", **more}


class ClockJump(WithFaketime):
    """`variant` says how far. Only the program's wall clock jumps; the service's and the test's go on."""
    RECHECK = 2      # seconds
    THROTTLED = 4    # until the end of the wait that a 429 asks for, from before the start of the run

    def go(self):
        self.offset = self.folder / "clock"
        self.offset.write_text("+0")
        until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.THROTTLED)
        match = {"kind": self.kind, **({"customer": guid(ONCE)} if self.kind != "token" else {})}
        # Answered a while after it is logged: the clock jumps in between.
        self.simulate((ONCE, FREE, BLOCKED), [
            {"match": match, "first": 1, "fault": "status", "status": 429, "retry_after": email.utils.format_datetime(
                until, usegmt=True)}], latency_ms=100)
        self.settle_job(policy={"recheck_after": f"{self.RECHECK}s"}, retry={"max_wait": "20s", "timeout": "20s"})
        ended = self.run_to(3, self.clock(FAKETIME_TIMESTAMP_FILE=str(self.offset)))
        self.assertLess(ended.seconds, self.THROTTLED + 6, "no wait for a time that only the wall clock knows")
        self.assertEqual(2 if self.kind == "token" else 1, len(self.of("token", 0)), "the access token lasts")
        self.no_removal_on_stale_facts()
        if self.kind in ("subscriptions", "entitlements", "patch"):
            self.assertEqual(2, len(self.of("customer", ONCE)), "its facts went stale in the wait, and were read again")
        self.all_is_done()

    def attend(self, going):
        if self.offset.read_text() == "+0":
            harness.wait_until(lambda: self.sim.of(self.kind, None if self.kind == "token" else ONCE) or not going.is_going(),
                               "the request is under way", every=0.005)
            beside = self.folder / "clock.new"
            beside.write_text(self.variant)
            beside.rename(self.offset)
        return going

    def no_removal_on_stale_facts(self):
        at = {entry["seq"]: datetime.datetime.fromisoformat(entry["at"].replace("Z", "+00:00")) for entry in self.log}
        for number in (ONCE, FREE):
            for patch in self.of("patch", number):
                read = [entry for entry in self.of("customer", number) if entry["seq"] < patch["seq"]][-1]
                age = (at[patch["seq"]] - at[read["seq"]]).total_seconds()
                self.assertLess(age, self.RECHECK + 0.3, "the facts are stale")


class ClockSetBack(WithFaketime):
    """A wait written down while the clock ran ten years ahead: over when it is over, not in ten years."""

    def go(self):
        rule = {"match": {"kind": self.kind, "customer": guid(ONCE)}, "first": 1, "fault": "status", "status": 429,
                "retry_after": "2"}
        self.simulate((ONCE, FREE, BLOCKED), [rule])
        self.settle_job()
        self.run_to(5, self.clock(FAKETIME="+10y"))
        self.assertIn("asked to wait until", self.rows[guid(ONCE)]["detail"])
        self.run_to(5)  # the wait is longer than max_wait
        time.sleep(2)
        self.run_to(3)
        self.all_is_done()


class Matrix(unittest.TestCase):
    maxDiff = None

    def test_every_cell(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="offboard-test-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        authority = tls_front.Authority(folder)
        BrokenTls.authority = BadCertificate.authority = UnknownAuthority.authority = authority
        jobs = sample(all_jobs())
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            results = list(pool.map(carried_out, jobs))
        bad = collections.defaultdict(list)
        for job, troubles in zip(jobs, results):
            cell = (job.trouble, job.kind)
            bad[cell] += [f"{job.variant} {text}" for text in troubles]
        passed = sum(not troubles for troubles in bad.values())
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10
        print(f"\n{passed} of {len(bad)} cells of wire trouble passed, {len(jobs)} jobs in {time.monotonic() - began:.1f} s, "
              f"at most {memory >> 20} MiB in one program", file=sys.stderr, flush=True)
        for (trouble, kind), troubles in bad.items():
            with self.subTest(f"{trouble} × {kind}"):
                self.assertEqual([], troubles, "\n".join(troubles))
        if not SANITIZED:
            self.assertLess(memory, MEMORY)


def all_jobs():
    jobs = []

    def add(maker, trouble, kind, variant=""):
        made = maker("goes_as_it_must")
        made.trouble, made.kind, made.variant = trouble, kind, variant
        jobs.append(made)
    # The longest first.
    for kind in KINDS:
        for jump in JUMPS:
            add(ClockJump, "clock jumping", kind, jump)
        if kind != "token":  # whose wait is not written down
            add(ClockSetBack, "clock jumping", kind, "set back")
    for trouble in sorted(UNANSWERED, key=lambda name: name not in ("1 byte per 100 ms", "stall")):
        for kind in KINDS:
            add(Unanswered, trouble, kind)
    add(UnknownAuthority, "TLS error", "token", "no ca_file")
    for kind in KINDS:
        add(BrokenTls, "TLS error", kind, "garbage")
        for name in CERTIFICATES:
            add(BadCertificate, "TLS error", kind, name)
        add(Redirected, "redirect to another host", kind)
        add(ForeignLink, "foreign links.next", kind)
        add(Unauthorized, "401 mid-run", kind)
    return jobs


def sample(jobs):
    """Under sanitizers one request of each trouble, another one each time; these and faketime cannot both be loaded first."""
    only = os.environ.get("OFFBOARD_WIRE_CELLS")
    if only:
        jobs = [job for job in jobs if only in f"{job.trouble} × {job.kind} {job.variant}"]
    if not SANITIZED:
        return jobs
    troubles = sorted({job.trouble for job in jobs})
    return [job for job in jobs if not isinstance(job, WithFaketime) and
            job.kind == KINDS[troubles.index(job.trouble) % len(KINDS)]]


def carried_out(job):
    result = unittest.TestResult()
    job.run(result)
    return [text for _, text in result.errors + result.failures]


if __name__ == "__main__":
    harness.main()
