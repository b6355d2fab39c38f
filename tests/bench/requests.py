#!/usr/bin/env python3
"""How many requests a tenant costs, case by case, counted by the simulated service; and that they are as many as they should be.

    OFFBOARD_PROGRAMS=build-release tests/bench/requests.py        the table of docs/performance.md, of 1,000 tenants
    OFFBOARD_BENCH_TENANTS=100 …                                    as ctest does it

One worker, so that the counts are the same every time. Two services: one with a list of its customers, one without.
"""
import collections
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "program"))
import harness  # noqa: E402
from harness import customer, guid  # noqa: E402

TENANTS = int(os.environ.get("OFFBOARD_BENCH_TENANTS", "1000"))

ACTIVE = {"subscriptions": [{"status": "active"}]}
RESERVED = {"entitlements": [{"type": "reservedinstance", "order_id": "o"}]}

# Of twenty tenants so many: what the customer is like, and how its tenant ends.
CASES = {
    "removed": (8, {}, "patched"),
    "blocked by a subscription": (5, ACTIVE, "blocked"),
    "blocked by a reservation": (2, RESERVED, "blocked"),
    "blocked, later free": (1, ACTIVE, "blocked"),
    "already removed": (2, {"relationship": "none"}, "patched"),
    "unknown to the service": (1, None, "failed"),
    "removal refused": (1, {}, "failed"),
}

# First run and later runs, without a list of customers and with one.
EXPECTED = {
    ("removed", "first"): (4, 3),
    ("blocked by a subscription", "first"): (3, 2),
    ("blocked by a reservation", "first"): (3, 2),
    ("blocked, later free", "first"): (3, 2),
    ("already removed", "first"): (1, 1),
    ("unknown to the service", "first"): (1, 1),
    ("removal refused", "first"): (4, 3),
    ("blocked by a subscription", "next"): (1, 1),
    ("blocked by a reservation", "next"): (1, 1),
    ("blocked, later free", "next"): (4, 4),
    # Of 100 tenants too few are left for the list to be worth asking.
    ("blocked by a subscription", "check"): (3, 2 if TENANTS >= 250 else 3),
    ("blocked by a reservation", "check"): (3, 2 if TENANTS >= 250 else 3),
}
# For the run itself: the sign-in; one page too many of a service that has no list, or the two pages of one that has, and a
# look at one customer, with which the service is asked about the sign-in before the first removal.
EXPECTED_ONCE = {"first": (2, 4), "next": (1, 1), "check": (2, 2) if TENANTS >= 250 else (1, 1)}
# The procedure of the removal's own documentation: entitlements, subscriptions, PATCH. It stops at the first blocker.
SEED = {"removed": 3, "removal refused": 3, "blocked by a subscription": 2, "blocked by a reservation": 1,
        "blocked, later free": 2, "already removed": 1, "unknown to the service": 1}
SEED_ONCE_FREE = 3


class Requests(harness.Case):
    def setUp(self):
        super().setUp()
        kinds = [name for name, (share, _, _) in CASES.items() for _ in range(share)]
        # Large strides, so that the kinds are mixed: 7 has no common divisor with 20.
        self.case_of = {guid(n): kinds[n * 7 % len(kinds)] for n in range(1, TENANTS + 1)}
        self.size = collections.Counter(self.case_of.values())

    def world(self, free=()):
        customers = []
        faults = []
        for n in range(1, TENANTS + 1):
            case = self.case_of[guid(n)]
            more = {} if case in free else CASES[case][1]
            if more is not None:
                customers.append(customer(n, **more))
            if case == "removal refused":
                faults.append({"match": {"customer": guid(n), "kind": "patch"}, "fault": "status", "status": 403,
                               "code": 2032, "description": "Access denied"})
        return {"customers": customers, "faults": faults}

    def requests_of(self, sim, code, command):
        """How many requests a tenant of each case cost in this run, and how many the run itself."""
        before = len(sim.log())
        began = time.monotonic()
        self.expect(code, command, timeout=600)
        log = sim.log()[before:]
        print(f"{command}: {len(log)} requests, {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        # Which tenant's customer is looked at for the sake of the sign-in is no matter of its case.
        looks = [e for e in log if e["kind"] == "customer" and self.looked_for_sign_in(e, log)]
        once = len([e for e in log if not e["customer"]]) + len(looks)
        each = collections.Counter(self.case_of[e["customer"]] for e in log if e["customer"] and e not in looks)
        return {case: each[case] / self.size[case] for case in CASES}, once

    @staticmethod
    def looked_for_sign_in(entry, log):
        """The customer was known from the list, or the collections would not have been read before it."""
        earlier = {e["kind"] for e in log if e["customer"] == entry["customer"] and e["seq"] < entry["seq"]}
        later = [e["kind"] for e in log if e["customer"] == entry["customer"] and e["seq"] > entry["seq"]]
        return {"subscriptions", "entitlements"} <= earlier and later == ["patch"] and any(
            e["kind"] == "customers" and e["status"] == 200 for e in log)

    def runs_with(self, listing):
        on_list = sum(self.size[case] for case in CASES if case not in ("already removed", "unknown to the service"))
        sim = self.simulator(**self.world(), customer_list={"offered": listing, "page_size": (on_list + 1) // 2})
        (self.folder / "job.db").unlink(missing_ok=True)
        self.token_file.unlink(missing_ok=True)
        self.job(sim.url, list(range(1, TENANTS + 1)), workers=1)
        results = {"first": self.requests_of(sim, 4, "run")}
        states = {row["tenant_id"]: row["state"] for row in self.report()}
        self.assertEqual({tenant: CASES[case][2] for tenant, case in self.case_of.items()}, states)
        sim.restart(**self.world(free=["blocked, later free"]))
        results["next"] = self.requests_of(sim, 4, "run")
        results["check"] = self.requests_of(sim, 4, "check")
        return results

    def test_a_tenant_costs_as_many_requests_as_it_should(self):
        measured = [self.runs_with(listing) for listing in (False, True)]
        print("\n" + self.table(measured), file=sys.stderr, flush=True)
        for (case, run), expected in EXPECTED.items():
            self.assertEqual(expected, tuple(results[run][0][case] for results in measured), (case, run))
        for run, expected in EXPECTED_ONCE.items():
            self.assertEqual(expected, tuple(results[run][1] for results in measured), run)

    @staticmethod
    def table(measured):
        names = {"first": "", "next": ", the next run", "check": ", `offboard check`"}
        lines = [f"| {TENANTS} tenants | without the list | with it | the seed's procedure |", "|---|---|---|---|"]
        for case, run in EXPECTED:
            each = [f"{results[run][0][case]:g}" for results in measured]
            seed = SEED_ONCE_FREE if (case, run) == ("blocked, later free", "next") else SEED[case]
            lines.append(f"| {case}{names[run]} | {each[0]} | {each[1]} | {seed} |")
        for run, name in (("first", "once a run: the first"), ("next", "once a run: the next")):
            lines.append(f"| {name} | {measured[0][run][1]} | {measured[1][run][1]} | 1 |")
        return "\n".join(lines)


if __name__ == "__main__":
    harness.main()
