"""Large made-up batches, drawn from a seed, each with what must become of every tenant: for batch_*_test and kill_*_test.

    batch = Batch(2000, seed=1)
    batch.world            # for partner-center-sim
    batch.listed           # rows of the list, in list order
    batch.expected[id]     # Expected: state, blocker codes, whether the run has to remove it

A customer with nothing in its way has harmless subscriptions of several pages; which blockers there are, in which
spellings, is the contract's table "What blocks". Faults are laid on tenants that are ready, so that every one has to
survive them.
"""
import dataclasses
import random
import types

from harness import customer, guid

GUID_OFFER = "195416c1-3447-423a-b37b-ee59a99a19c4"
NCE_OFFER = "CFQ7TTC0LH18:0001:CFQ7TTC0K971"
AZURE_PLAN = "DZH318Z0BPS6:0001:DZH318Z0BML6"


def legacy(status, **more):
    return {"offer_id": GUID_OFFER, "offer_name": "Exchange Online (Plan 1)", "status": status,
            "billing_type": "license", "unit_type": "Licenses", **more}


def nce(status, **more):
    return {"offer_id": NCE_OFFER, "offer_name": "Microsoft 365 Business Basic", "status": status,
            "billing_type": "license", "unit_type": "Licenses", "product_type": "OnlineServicesNCE", **more}


def azure(status, **more):
    return {"offer_id": AZURE_PLAN, "offer_name": "Azure plan", "status": status, "billing_type": "usage",
            "unit_type": "Usage-based", "product_type": "Azure", **more}


def savings_plan(status, **more):
    return {"offer_id": "DZH318Z09V6F:0002:DZH318Z08MDN", "offer_name": "Azure savings plan for compute",
            "status": status, "billing_type": "benefit", "unit_type": "Benefit", **more}


def entitlement(kind, **more):
    return {"type": kind, "order_id": "KaJ8XvkKc_GoNZOUyjVaRJalTBN5MWdV1", "product_id": "DZH318Z0BQ3W",
            "sku_id": "007J", **more}


# What a customer may have without being blocked.
HARMLESS = (legacy("suspended"), legacy("Expired"), legacy("DISABLED"), nce("deleted"), nce("expired"),
            nce("disabled"), azure("suspended"), azure("Deleted"), savings_plan("expired"),
            {"offer_id": "MS-AZR-0145P", "offer_name": "Microsoft Azure", "status": "suspended", "billing_type": "usage"})


@dataclasses.dataclass(frozen=True)
class Block:
    """One way of being blocked: what the customer is like, what the list says of it, and which code that is."""
    code: str
    customer: dict
    row: dict = dataclasses.field(default_factory=dict)


def of_subscription(code, item):
    return Block(code, {"subscriptions": [item]})


def of_entitlement(code, item):
    return Block(code, {"entitlements": [item]})


BLOCKS = (
    of_subscription("active-subscription", legacy("active")),
    of_subscription("active-subscription", nce("Active", is_trial=True)),
    of_subscription("active-subscription", azure("ACTIVE")),
    of_subscription("subscription-not-cancelled", nce("suspended")),
    of_subscription("subscription-not-cancelled", nce("Suspended", product_type="SaaS")),
    of_subscription("subscription-not-cancelled", legacy("suspended", product_type="OnlineServicesNCE")),
    of_subscription("savings-plan", savings_plan("active")),
    of_subscription("savings-plan", savings_plan("suspended", billing_type="license")),
    of_subscription("pending-subscription", legacy("pending")),
    of_subscription("pending-subscription", nce("Pending")),
    of_entitlement("reserved-instance", entitlement("reservedinstance", reservation_type="virtualmachines")),
    of_entitlement("reserved-instance", entitlement("VirtualMachineReservedInstance")),
    of_entitlement("reserved-instance", entitlement("ReservedInstance")),
    of_entitlement("software", entitlement("software")),
    of_entitlement("software", entitlement("Software")),
    of_subscription("unrecognized", nce("hibernated")),
    of_subscription("unrecognized", legacy("none")),
    of_subscription("unrecognized", azure(None)),
    of_subscription("unrecognized", {"offer_id": NCE_OFFER, "offer_name": "No status"}),
    of_entitlement("unrecognized", entitlement("timetravel")),
    of_entitlement("unrecognized", {"order_id": "8f3af3dea1ea"}),
    Block("unrecognized", {"relationship": "advisor"}),
    Block("unrecognized", {"relationship": None}),
    Block("incomplete-answer", {"subscriptions": [legacy("suspended")], "announce_extra": 1}),
    Block("incomplete-answer", {"announce_extra_entitlements": 2}),
    Block("identity-mismatch", {}, {"company_name": "Somebody Else, Inc."}),
    Block("identity-mismatch", {}, {"domain": "somebody-else.onmicrosoft.com"}),
)
CODES = frozenset(block.code for block in BLOCKS)

KINDS = ("customer", "subscriptions", "entitlements", "patch")

# Ways for one answer to go wrong. All but the redirect are to be survived.
FAULTS = types.MappingProxyType({
    "reset_before": {"fault": "reset_before"},
    "reset_after": {"fault": "reset_after"},
    "truncate": {"fault": "truncate"},
    "truncate_without_length": {"fault": "truncate_without_length"},
    "garbage": {"fault": "garbage"},
    "stall": {"fault": "stall"},
    "drip": {"fault": "drip"},
    "html_502": {"fault": "html_502"},
    "empty_200": {"fault": "empty_200"},
    "wrong_type": {"fault": "wrong_type"},
    "deep_json": {"fault": "deep_json"},
    "close_in_headers": {"fault": "close_in_headers"},
    "huge_body": {"fault": "huge_body", "bytes": 3_000_000},
    "no_none": {"fault": "no_none"},
    "500": {"fault": "status", "status": 500},
    "503": {"fault": "status", "status": 503, "retry_after": "1"},
    "retryable": {"fault": "status", "status": 400, "is_retryable": True},
    "408": {"fault": "status", "status": 408},
    "401": {"fault": "status", "status": 401},
    "redirect": {"fault": "redirect"},
})
# All others come in both forms: the removal took place, or it did not. A huge answer is a sound one, so it must be true; that
# these failed is a definite answer, or their name says which it is.
OF_ONE_FORM = ("reset_before", "reset_after", "redirect", "401", "retryable", "huge_body")
# These occupy a worker until its timeout.
SLOW = ("stall", "drip")
# A sign-in refused by a definite answer ends the run with 7, which is another test's matter.
OF_A_TOKEN = tuple(name for name in FAULTS if name not in ("no_none", "401", "retryable", "redirect"))


@dataclasses.dataclass
class Expected:
    state: str                    # where the tenant must end
    codes: tuple = ()             # of its blockers
    removed: bool = False         # by this batch; not if it was gone before
    fault: str = ""               # what was laid on it, for messages


class Batch:
    """`tenants` listed ones, and a twentieth as many customers that nobody listed.

    Each fault is laid on each kind of request of `each` customers. `throttled` so many are throttled by themselves;
    for `sign_ins` so many the access token is refused; `outlast` so many fail four times in a row, which takes a
    second run where max_attempts is 4."""

    def __init__(self, tenants, seed, each=3, throttled=12, sign_ins=24, outlast=0, slow_faults=True, **world):
        self.random = random.Random(seed)
        self.expected = {}
        self.customers = []
        self.rows = {}
        self.faults = self._token_faults(slow_faults) if each else []
        self.unlisted = [guid(tenants + number) for number in range(1, tenants // 20 + 1)]
        numbers = list(range(1, tenants + 1))
        self.random.shuffle(numbers)
        unknown, already, blocked = tenants // 100, tenants // 50, tenants * 30 // 100
        for number in numbers[:unknown]:
            self._add(number, None, Expected("failed"))
        for number in numbers[unknown:unknown + already]:
            self._add_removed_before(number)
        for place, number in enumerate(numbers[unknown + already:unknown + already + blocked]):
            self._add_blocked(number, BLOCKS[place % len(BLOCKS)])
        ready = numbers[unknown + already + blocked:]
        for number in ready:
            self._add_ready(number)
        sound = iter(ready)
        self._lay_faults(sound, each, slow_faults)
        self._lay_more(sound, throttled, sign_ins, outlast)
        self.customers += [customer(tenants + place + 1) for place in range(len(self.unlisted))]
        self.random.shuffle(self.customers)
        self.listed = [self.rows[number] for number in sorted(self.rows)]
        # Without a list of customers, so that each of them is asked for and meets its faults.
        self.world = {"seed": seed, "page_size": 2, "customers": self.customers, "faults": self.faults,
                      "customer_list": {"offered": False}, **world}

    def with_state(self, state):
        return {tenant for tenant, expected in self.expected.items() if expected.state == state}

    # ---- tenants ---------------------------------------------------------------------------------------------

    def _add(self, number, made, expected, row=None):
        self.expected[guid(number)] = expected
        if made is not None:
            self.customers.append(made)
        listed = {"tenant_id": guid(number)}
        # What most operators would do: say whom they mean.
        if number % 3 and made is not None:
            listed["company_name"] = made["company_name"].upper() if number % 2 else made["company_name"]
        if number % 4 == 0 and made is not None:
            listed["domain"] = made["domain"]
        if number % 5 == 0:
            listed["note"] = f"CHG-{number}"
        self.rows[number] = {**listed, **(row or {})}

    def _harmless(self):
        return self.random.sample(HARMLESS, self.random.choice((0, 0, 1, 1, 2, 3, 5)))

    def _add_removed_before(self, number):
        manner = "none_answer" if number % 2 else "forbidden"
        self._add(number, customer(number, relationship="none", after_removal=manner), Expected("patched"))

    def _add_blocked(self, number, block):
        more = dict(block.customer)
        if "subscriptions" in more:
            more["subscriptions"] = self._harmless() + list(more["subscriptions"])
            self.random.shuffle(more["subscriptions"])
        self._add(number, customer(number, **more), Expected("blocked", (block.code,)), block.row)

    def _add_ready(self, number):
        made = customer(number, subscriptions=self._harmless())
        if number % 2:
            made["after_removal"] = "none_answer"
        self._add(number, made, Expected("patched", removed=True))

    # ---- faults ----------------------------------------------------------------------------------------------

    def _lay(self, number, kind, rule, name, **turn):
        self.faults.append({"match": {"customer": guid(number), "kind": kind}, **(turn or {"first": 1}), **rule})
        self.expected[guid(number)].fault += f"{name} on {kind} "

    def _lay_faults(self, sound, each, slow_faults):
        for name, rule in FAULTS.items():
            if name in SLOW and not slow_faults:
                continue
            for kind in KINDS:
                for place in range(each):
                    if name == "no_none" and kind != "patch":
                        continue
                    number = next(sound)
                    effect = {} if name in OF_ONE_FORM else {"effect": ("before", "none", "none")[place % 3]}
                    # Now and then it happens twice in a row, and the next step goes wrong too. A second 401 in a row would
                    # mean signed out.
                    times = 2 if place == 2 and name not in (*SLOW, "401") else 1
                    if name == "redirect":
                        times = 1_000_000  # a definite answer, whoever asks again because it died before writing it down
                    self._lay(number, kind, {**rule, **effect}, name, first=times)
                    if place == 2 and name != "redirect":
                        self._lay(number, "patch", {"fault": "reset_after"}, "reset_after", nth=[times + 1])
                    if name == "redirect":
                        self.expected[guid(number)].state = "failed"
                        self.expected[guid(number)].removed = False
        if each:
            # An answer larger than the client takes.
            self._lay(next(sound), "subscriptions", {"fault": "huge_body", "bytes": (16 << 20) + 1}, "huge_body")

    def _lay_more(self, sound, throttled, sign_ins, outlast):
        for place in range(throttled):
            rule = {"fault": "status", "status": 429, "retry_after": ("1", "1", "2")[place % 3]}
            if place % 4 == 3:
                del rule["retry_after"]
            self._lay(next(sound), KINDS[place % 4], rule, "429", first=1 + place % 2)
        for _ in range(sign_ins):
            self._lay(next(sound), "entitlements", FAULTS["401"], "401")
        for place in range(outlast):
            self._lay(next(sound), KINDS[place % 4], {"fault": "status", "status": 500}, "500 for long", first=4)

    @staticmethod
    def _token_faults(slow_faults):
        """Every second request for a token meets the next fault."""
        names = [name for name in OF_A_TOKEN if slow_faults or name not in SLOW]
        return [{"match": {"kind": "token"}, "nth": [2 * place + 1], **FAULTS[name]} for place, name in enumerate(names)]
