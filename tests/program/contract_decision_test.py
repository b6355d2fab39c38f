"""What blocks: every cell of the table, in one world, through the programs."""
import json

import harness
from harness import customer, guid

LEGACY = {"offer_id": "195416c1-3447-423a-b37b-ee59a99a19c4", "billing_type": "license", "unit_type": "Licenses"}
NEW_COMMERCE = {"offer_id": "CFQ7TTC0LH18:0001:CFQ7TTC0K971", "billing_type": "license", "unit_type": "Licenses",
                "product_type": "OnlineServicesNCE"}
MARKETPLACE = {"offer_id": "DZH318Z08B8X:0001:DZH318Z0L8QL", "billing_type": "license", "unit_type": "Licenses",
               "product_type": "SaaS"}
SOFTWARE = {"offer_id": "DG7GMGF0FKZV:0003:DG7GMGF0DQLM", "billing_type": "license", "product_type": "Software"}
LICENCE_WITH_PRODUCT = {**LEGACY, "product_type": "OnlineServicesNCE"}  # a GUID, but not legacy
NO_OFFER = {"billing_type": "license"}
AZURE = {"offer_id": "MS-AZR-0145P", "billing_type": "usage", "unit_type": "Usage-based"}
AZURE_BY_OFFER = {"offer_id": "ms-azr-0146p", "billing_type": "none"}
AZURE_BY_USAGE = {"offer_id": "CFQ7TTC0LH18:0001:CFQ7TTC0K971", "billing_type": "Usage"}
AZURE_PLAN = {"offer_id": "DZH318Z0BPS6:0001:DZH318Z0BML6", "unit_type": "Usage-based", "product_type": "Azure"}
SAVINGS = {"offer_id": "DZH318Z09V6F:0002:DZH318Z08MDN", "billing_type": "benefit", "unit_type": "Benefit"}
SAVINGS_BY_UNIT = {"offer_id": "195416c1-3447-423a-b37b-ee59a99a19c4", "unit_type": "BENEFIT", "billing_type": "license"}
SAVINGS_IN_AZURE_PLAN = {"offer_id": "DZH318Z0BPS6:0001:DZH318Z0BML6", "billing_type": "Benefit"}

MODERN_CELLS = {"active": "active-subscription", "pending": "pending-subscription",
                "suspended": "subscription-not-cancelled"}
CELLS = [
    ([LEGACY], {"active": "active-subscription", "pending": "pending-subscription", "suspended": ""}),
    ([NEW_COMMERCE, MARKETPLACE, SOFTWARE, LICENCE_WITH_PRODUCT, NO_OFFER], MODERN_CELLS),
    ([AZURE, AZURE_BY_OFFER, AZURE_BY_USAGE, AZURE_PLAN],
     {"active": "active-subscription", "pending": "pending-subscription", "suspended": ""}),
    ([SAVINGS, SAVINGS_BY_UNIT, SAVINGS_IN_AZURE_PLAN],
     {"active": "savings-plan", "pending": "savings-plan", "suspended": "savings-plan"}),
]
EVERY_FAMILY = {"disabled": "", "expired": "", "deleted": "", "none": "unrecognized", "hibernated": "unrecognized",
                "": "unrecognized", None: "unrecognized", "absent": "unrecognized"}


def status_of(word):
    return {} if word == "absent" else {"status": word}


class Story:
    """Tenants, what the world says of them, and what the contract makes of that."""

    def __init__(self):
        self.customers = []
        self.listed = []
        self.wanted = []  # (number, state, [code:object id or code: …])

    def add(self, state, blockers=(), listed=None, known=True, **facts):
        number = len(self.listed) + 1
        if known:
            self.customers.append(customer(number, **facts))
        self.listed.append({"tenant_id": guid(number), **(listed or {})})
        self.wanted.append((number, state, list(blockers)))
        return number

    def add_cells(self):
        for families, cells in CELLS:
            for family in families:
                for status, code in {**cells, **EVERY_FAMILY}.items():
                    identity = f"sub-{len(self.listed)}"
                    subscription = {"id": identity, "offer_name": "An offer", **family, **status_of(status)}
                    self.add("blocked" if code else "patched", [f"{code}:{identity}"] if code else [],
                             subscriptions=[subscription])

    def add_letter_cases(self):
        for status, family, code in (("ACTIVE", LEGACY, "active-subscription"), ("Suspended", LEGACY, ""),
                                     ("SUSPENDED", NEW_COMMERCE, "subscription-not-cancelled"),
                                     ("Deleted", NEW_COMMERCE, ""), ("Expired", SAVINGS, ""),
                                     ("pENDING", AZURE, "pending-subscription")):
            self.add("blocked" if code else "patched", [f"{code}:s"] if code else [],
                     subscriptions=[{"id": "s", **family, "status": status}])

    def add_the_rest(self):
        add = self.add
        trial = {"id": "s", **NEW_COMMERCE, "status": "active", "is_trial": True}
        add("blocked", ["active-subscription:s"], subscriptions=[trial])
        add("blocked", ["active-subscription:a", "pending-subscription:b", "savings-plan:c"],
            subscriptions=[{"id": "a", **LEGACY, "status": "active"}, {"id": "d", **LEGACY, "status": "suspended"},
                           {"id": "b", **AZURE, "status": "pending"}, {"id": "c", **SAVINGS, "status": "active"}])
        for word in ("reservedinstance", "VirtualMachineReservedInstance", "ReservedInstance",
                     "virtualmachinereservedinstance"):
            add("blocked", ["reserved-instance:"], entitlements=[{"type": word, "order_id": "order-1"}])
        for word in ("software", "SOFTWARE"):
            add("blocked", ["software:"], entitlements=[{"type": word, "order_id": "order-1"}])
        for entitlement in ({"type": "subscription"}, {"type": None}, {}, {"type": ""}):
            add("blocked", ["unrecognized:"], entitlements=[{"order_id": "order-1", **entitlement}])
        add("blocked", ["reserved-instance:", "software:"],
            entitlements=[{"type": "reservedinstance", "order_id": "o1"}, {"type": "software", "order_id": "o2"}])
        add("blocked", ["incomplete-answer:"], announce_extra=1)
        add("blocked", ["incomplete-answer:"], announce_extra_entitlements=3)
        self.add_identities()
        self.add_relationships()
        add("failed", known=False)

    def add_identities(self):
        add = self.add
        name, domain = {"company_name": "Fabrikam, Inc."}, {"domain": "fabrikam.com"}
        add("patched", listed=name, company_name="  FABRIKAM, inc. ")
        add("blocked", ["identity-mismatch:"], listed=name, company_name="Fabrikam Inc.")
        add("blocked", ["identity-mismatch:"], listed=name, company_name=None)
        add("blocked", ["identity-mismatch:"], listed=name, company_name="")
        add("patched", listed=domain, domain="Fabrikam.COM")
        add("patched", listed=domain, domain="fabrikam.onmicrosoft.com", custom_domains=["a.example", "FABRIKAM.com"])
        add("patched", listed=domain, domain=None, custom_domains=["fabrikam.com"])
        add("blocked", ["identity-mismatch:"], listed=domain, domain="fabrikam.onmicrosoft.com")
        add("blocked", ["identity-mismatch:"], listed=domain, domain=None)
        add("blocked", ["identity-mismatch:"], listed=domain, domain="notfabrikam.com", custom_domains=["fabrikam.com.example"])
        add("blocked", ["identity-mismatch:"], listed={**name, **domain}, company_name="Fabrikam, Inc.", domain="x.example")
        add("blocked", ["identity-mismatch:", "active-subscription:s"], listed=name, company_name="Contoso",
            subscriptions=[{"id": "s", **LEGACY, "status": "active"}])
        add("patched", company_name=None, domain=None)  # the list expects nothing

    def add_relationships(self):
        add = self.add
        add("patched", relationship="Reseller")
        for word in ("advisor", "syndication", "microsoft_support", "unknown", "", None):
            add("blocked", ["unrecognized:"], relationship=word)
        self.gone = [add("patched", relationship="none"),
                     add("patched", relationship="none", after_removal="none_answer"),
                     add("patched", relationship="NONE", after_removal="none_answer"),
                     add("patched", relationship="none", subscriptions=[{"id": "s", **LEGACY, "status": "active"}])]


class WhatBlocks(harness.Case):
    def run_story(self, story, code, **changes):
        sim = self.simulator(story.customers)
        self.job(sim.url, story.listed, workers=8, **changes)
        self.expect(code, "run")
        return sim

    def compare(self, story, sim):
        """State and blockers of every tenant, its blocker rows, and the PATCHes that it got."""
        rows = {row["tenant_id"]: row for row in self.report()}
        blockers = self.report("blockers")
        self.assertEqual(len(story.listed), len(rows))
        patches = {}
        for entry in sim.of("patch"):
            patches[entry["customer"]] = patches.get(entry["customer"], 0) + 1
        for number, state, wanted in story.wanted:
            row = rows[guid(number)]
            facts = next((c for c in story.customers if c["id"] == guid(number)), "unknown")
            with self.subTest(facts=facts, listed=story.listed[number - 1]):
                found = row["blockers"].split(";") if row["blockers"] else []
                self.assertEqual(state, row["state"])
                self.assertEqual(len(wanted), len(found), row["blockers"])
                for code in wanted:
                    self.assertTrue(any(text.startswith(code) for text in found), f"{code} in {row['blockers']}")
                own = [b for b in blockers if b["tenant_id"] == guid(number)]
                self.assertEqual(found, [f"{b['code']}:{b['object_id']}" for b in own])
                for blocker in own:
                    self.assertTrue(blocker["what_to_do"].strip())
                    self.assertRegex(blocker["since"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
                removed_by_us = state == "patched" and number not in getattr(story, "gone", [])
                self.assertEqual(1 if removed_by_us else 0, patches.get(guid(number), 0))
                self.assertEqual("1" if removed_by_us else "0", row["attempts"])
        for mistake in ("removed_while_blocked", "second_removal_attempt", "delegated_access_changed", "purged"):
            self.assertEqual(0, sim.count(mistake), mistake)
        self.assertEqual({"GET", "POST", "PATCH"}, {entry["method"] for entry in sim.log()})

    def test_every_cell_of_the_table(self):
        story = Story()
        story.add_cells()
        story.add_letter_cases()
        sim = self.run_story(story, 3)
        self.assertGreater(len(story.listed), 140)
        self.compare(story, sim)

    def test_everything_else_that_blocks_or_does_not(self):
        story = Story()
        story.add_the_rest()
        sim = self.run_story(story, 4)
        self.compare(story, sim)
        for number in story.gone:
            self.assertEqual("already-removed", [row["reason"] for row in self.report("history")
                                                 if row["tenant_id"] == guid(number)][-1])
        by_json = json.loads(self.expect(0, "report", "--format", "json").text)
        self.assertEqual([(row["state"], row["blockers"]) for row in self.report()],
                         [(row["state"], row["blockers"] or "") for row in by_json])
        self.assert_sound()

    def test_a_check_finds_the_same_and_leaves_what_is_free_ready(self):
        story = Story()
        story.add_the_rest()
        sim = self.simulator(story.customers)
        self.job(sim.url, story.listed, workers=8)
        self.expect(4, "check")
        wanted = ["ready" if state == "patched" and number not in story.gone else state
                  for number, state, _ in story.wanted]
        self.assertEqual(wanted, self.states())
        self.assertEqual([], sim.of("patch"))

    def test_software_entitlements_pass_if_the_policy_says_so_and_nothing_else_does(self):
        story = Story()
        story.add("patched", entitlements=[{"type": "software", "order_id": "o"}, {"type": "Software", "order_id": "p"}])
        story.add("blocked", ["subscription-not-cancelled:s"], subscriptions=[{"id": "s", **SOFTWARE, "status": "suspended"}])
        story.add("blocked", ["reserved-instance:"], entitlements=[{"type": "software", "order_id": "o"},
                                                                   {"type": "reservedinstance", "order_id": "p"}])
        story.add("blocked", ["unrecognized:"], entitlements=[{"type": "softwares", "order_id": "o"}])
        sim = self.simulator(story.customers, software_blocks=False)
        self.job(sim.url, story.listed, policy={"software": "ignore"})
        self.expect(3, "run")
        self.compare(story, sim)

    def test_what_stops_blocking_is_removed_next_time_and_what_starts_to_block_is_not(self):
        sim = self.simulator([customer(1, subscriptions=[{"id": "a", **LEGACY, "status": "active"}]), customer(2)])
        self.job(sim.url, [1, 2])
        self.expect(3, "check")
        self.assertEqual(["blocked", "ready"], self.states())
        sim.restart(customers=[customer(1, subscriptions=[{"id": "a", **LEGACY, "status": "suspended"}]),
                               customer(2, subscriptions=[{"id": "b", **NEW_COMMERCE, "status": "suspended"}])])
        self.expect(3, "run")
        self.assertEqual(["patched", "blocked"], self.states())
        self.assertEqual([guid(1)], [entry["customer"] for entry in sim.of("patch")])
        self.assertEqual([guid(2)], [row["tenant_id"] for row in self.report("blockers")], "old blockers are gone")
        self.assertEqual([">pending", "pending>checked", "checked>ready", "ready>checked", "checked>blocked"],
                         self.moves(2))


class Pages(harness.Case):
    SUBSCRIPTIONS = [{"id": f"s{i}", **LEGACY, "status": "suspended"} for i in range(5)]

    def test_a_blocker_on_the_last_page_blocks_whatever_form_the_next_link_has(self):
        last = [{"id": "last", **LEGACY, "status": "active"}]
        for form in ("plain", "v1", "absolute"):
            with self.subTest(form):
                sim = self.simulator([customer(1, subscriptions=self.SUBSCRIPTIONS + last), customer(2, subscriptions=self.SUBSCRIPTIONS)],
                                     page_size=2, next_link_form=form)
                self.token_file.unlink(missing_ok=True)
                self.job(sim.url, [1, 2], ledger=f"{form}.db")
                self.expect(3, "run")
                self.assertEqual(("blocked", "active-subscription:last"),
                                 (self.tenant(1)["state"], self.tenant(1)["blockers"]))
                self.assertEqual("patched", self.tenant(2)["state"])
                self.assertEqual(3, len(sim.of("subscriptions", 1)))
                sim.stop()

    def test_an_answer_without_total_count_is_accepted(self):
        sim = self.simulator([customer(1, subscriptions=self.SUBSCRIPTIONS), customer(2)], page_size=2, total_count=False)
        self.job(sim.url, [1, 2])
        self.expect(0, "run")

    def test_a_next_link_in_a_circle_makes_the_answer_incomplete(self):
        sim = self.simulator([customer(1, subscriptions=self.SUBSCRIPTIONS)], page_size=2, next_link_form="loop")
        self.job(sim.url, [1])
        self.expect(3, "run")
        self.assertTrue(self.tenant(1)["blockers"].startswith("incomplete-answer:"))
        self.assertLessEqual(len(sim.of("subscriptions", 1)), 4)
        self.assertEqual([], sim.of("patch"))

    def test_a_next_link_to_another_host_makes_the_answer_incomplete_and_nothing_goes_there(self):
        other = self.listener()
        for host in (other.url, f"http://localhost:{other.port}", f"http://127.0.0.1:{other.port}@127.0.0.1"):
            with self.subTest(host):
                sim = self.simulator([customer(1, subscriptions=self.SUBSCRIPTIONS)], page_size=2,
                                     next_link_form="foreign_host", foreign_host=host)
                self.token_file.unlink(missing_ok=True)
                self.job(sim.url, [1], ledger=f"{sim.port}.db")
                self.expect(3, "run")
                self.assertTrue(self.tenant(1)["blockers"].startswith("incomplete-answer:"))
                self.assertEqual([], sim.of("patch"))
                sim.stop()
        self.assertEqual((0, b""), (other.connections, other.received))

    def test_a_next_link_to_another_customer_is_not_taken_for_this_ones(self):
        sim = self.simulator([customer(1, subscriptions=self.SUBSCRIPTIONS), customer(2)], page_size=2,
                             next_link_form="path_of_other_customer")
        self.job(sim.url, [1])
        self.expect(3, "run")
        self.assertTrue(self.tenant(1)["blockers"].startswith("incomplete-answer:"))
        self.assertEqual([], sim.of("patch"))


if __name__ == "__main__":
    harness.main()
