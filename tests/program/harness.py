"""How the tests in this folder use the built programs: as a user does, from outside.

    class Removals(harness.Case):
        def test_a_ready_customer_is_removed(self):
            sim = self.simulator(customers=[customer(1)])
            self.job(sim.url, [1])
            self.assertEqual(0, self.offboard("run").code)
            self.assertEqual("patched", self.tenant(1)["state"])
            self.assertEqual(1, len(sim.of("patch", 1)))

Every case has a folder of its own and ends the processes it has started, by their own handles. Nothing here
needs a fixed port or leaves loopback.

`Simulator` is `partner-center-sim`; `ScriptedService` is a small service in this process for what the simulator cannot do:
single answers byte by byte, answers that wait for the test, a look at every header that arrived.
"""
import csv
import dataclasses
import io
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

PROGRAMS = pathlib.Path(os.environ["OFFBOARD_PROGRAMS"])
OFFBOARD = PROGRAMS / "offboard"
SIMULATOR = PROGRAMS / "partner-center-sim"

# Generous: under sanitizers on a busy machine everything takes ten times as long.
TIMEOUT = 120

CLIENT_ID = "11111111-1111-1111-1111-111111111111"
CLIENT_SECRET = "client-secret-not-real-8c1f"
REFRESH_TOKEN = "refresh-token-not-real-52d0"
PARTNER = "contoso.onmicrosoft.com"

TENANT_COLUMNS = ("tenant_id,company_name,domain,state,blockers,detail,checked_at,patched_at,attempts,http_status,"
                  "error_code,request_id,correlation_id,run_id,note").split(",")
BLOCKER_COLUMNS = "tenant_id,company_name,domain,code,object_id,object_name,object_status,what_to_do,since".split(",")
HISTORY_COLUMNS = ("seq,at,run_id,tenant_id,from_state,to_state,reason,http_status,error_code,request_id,"
                   "correlation_id,hash").split(",")
RUN_COLUMNS = ("run_id,command,started_at,ended_at,outcome,exit_code,tenants,patched,blocked,failed,requests,throttled,"
               "version,user,host").split(",")


def guid(number):
    """The made-up tenant of that number."""
    return f"{number:08x}-0000-4000-8000-{number:012x}"


def customer(number, **more):
    """A customer for a world, with nothing in its way unless `more` says so."""
    return {"id": guid(number), "company_name": f"Company {number}",
            "domain": f"company{number}.onmicrosoft.com", **more}


def wait_until(condition, what, timeout=TIMEOUT, every=0.02):
    """Waits for condition() to be true and returns what it gave."""
    end = time.monotonic() + timeout
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"did not come about within {timeout} s: {what}")
        time.sleep(every)


# ---- programs ---------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Ended:
    """A program that has come to its end."""
    code: int        # negative: the signal that ended it
    out: bytes
    err: bytes
    seconds: float

    @property
    def text(self):
        return self.out.decode("utf-8")

    @property
    def said(self):
        """What it wrote to standard error."""
        return self.err.decode("utf-8", "backslashreplace")

    def __str__(self):
        return f"exit {self.code} after {self.seconds:.1f} s\n--- out\n{self.out.decode('utf-8', 'backslashreplace')}" \
               f"\n--- err\n{self.said}"


class Going:
    """A program that may still be going."""

    def __init__(self, command, folder, environment):
        self._out = tempfile.TemporaryFile()
        self._err = tempfile.TemporaryFile()
        self._began = time.monotonic()
        self.process = subprocess.Popen([str(part) for part in command], cwd=folder, env=environment,
                                        stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._err)
        self.pid = self.process.pid

    def is_going(self):
        return self.process.poll() is None

    def send(self, number):
        self.process.send_signal(number)

    def said(self):
        """What it has written to standard error so far."""
        with open(f"/proc/self/fd/{self._err.fileno()}", "rb") as err:
            return err.read().decode("utf-8", "backslashreplace")

    def wait(self, timeout=TIMEOUT):
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            said = self.said()
            self.kill()
            raise AssertionError(f"still going after {timeout} s; it said:\n{said}") from None
        seconds = time.monotonic() - self._began
        self._out.seek(0)
        self._err.seek(0)
        return Ended(code, self._out.read(), self._err.read(), seconds)

    def kill(self):
        if self.is_going():
            self.process.kill()
            self.process.wait()

    def close(self):
        self.kill()
        self._out.close()
        self._err.close()


# A program of ours has no piece of memory as large. The address sanitizer has: its notes on all other memory, terabytes of
# addresses, hold a byte for every eight and none of their content.
LARGEST_MAPPING = 1 << 30


def memory_of(pid):
    """All that a process has written to its memory, or could; for root."""
    parts = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            start, end = (int(text, 16) for text in span.split("-"))
            if rights.startswith("rw") and end - start <= LARGEST_MAPPING:
                memory.seek(start)
                parts.append(memory.read(end - start))
    return b"\n".join(parts)


def environment(folder, **more):
    """Nothing of the caller's but what the loader and the sanitizers need."""
    kept = ("PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS")
    values = {name: os.environ[name] for name in kept if name in os.environ}
    values.update(HOME=str(folder), OFFBOARD_CLIENT_SECRET=CLIENT_SECRET, LC_ALL="C.UTF-8")
    values.update({name: value for name, value in more.items() if value is not None})
    return {name: value for name, value in values.items() if more.get(name, value) is not None}


class Simulator:
    """`partner-center-sim` with a world (a dict; JSON is YAML). Its log and state outlive a restart."""

    def __init__(self, folder, world):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.world = world
        self.log_file = self.folder / "log.jsonl"
        self.state_file = self.folder / "state.jsonl"
        self._going = None
        self.url = ""
        self.start()

    def start(self, port=0):
        world_file = self.folder / "world.yaml"
        world_file.write_text(json.dumps(self.world, ensure_ascii=False))
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        self._going = Going([SIMULATOR, "--world", world_file, "--port", port, "--port-file", port_file,
                             "--log", self.log_file, "--state", self.state_file],
                            self.folder, environment(self.folder))

        def is_up():
            if not self._going.is_going():
                raise AssertionError(f"the simulator did not start: {self._going.wait()}")
            return port_file.exists()
        wait_until(is_up, "the simulator listens")
        self.port = int(port_file.read_text())
        self.url = f"http://127.0.0.1:{self.port}"

    def stop(self):
        if self._going is not None:
            self._going.close()
            self._going = None

    def restart(self, **changes):
        """Goes on at the same address, with what it remembers, in a world with these keys changed."""
        self.stop()
        self.world = {**self.world, **changes}
        self.start(self.port)

    def log(self):
        """Every request so far, oldest first: dicts with seq, at, kind, method, target, customer, request_id,
        correlation_id, status, fault, retry_after, effects, …"""
        if not self.log_file.exists():
            return []
        whole_lines = self.log_file.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole_lines.splitlines()]

    def of(self, kind=None, number=None):
        """The requests of that kind (token, device_code, customer, subscriptions, entitlements, patch,
        purge, relationshiprequests, other) for the customer of that number."""
        return [entry for entry in self.log() if kind in (None, entry["kind"]) and
                (number is None or entry["customer"] == guid(number))]

    def count(self, effect):
        """How many requests had that effect (removed, replay, second_removal_attempt, served_early, …)."""
        return sum(effect in entry["effects"] for entry in self.log())

    def kinds(self, number):
        """The kinds of the requests for one customer, in order."""
        return [entry["kind"] for entry in self.of(None, number)]


# ---- a service of single answers --------------------------------------------------------------------------------

@dataclasses.dataclass
class Answer:
    status: int = 200
    body: object = b""               # bytes, str, or something for JSON
    headers: dict = dataclasses.field(default_factory=dict)
    bom: bool = False
    delay: float = 0                 # seconds before the first byte
    until: threading.Event = None    # or until this is set
    cut: int = None                  # only so many bytes of the body leave, then the connection closes
    reset: bool = False              # nothing leaves; the connection is reset
    raw: bytes = None                # these bytes and nothing else, then the connection closes

    def content(self):
        if isinstance(self.body, bytes):
            data = self.body
        elif isinstance(self.body, str):
            data = self.body.encode("utf-8")
        else:
            data = json.dumps(self.body).encode("utf-8")
        return b"\xef\xbb\xbf" + data if self.bom else data


@dataclasses.dataclass
class Request:
    seq: int
    at: float          # time.monotonic()
    kind: str
    method: str
    target: str
    customer: str
    headers: dict      # names in lower case
    body: bytes

    @property
    def request_id(self):
        return self.headers.get("ms-requestid", "")

    @property
    def correlation_id(self):
        return self.headers.get("ms-correlationid", "")

    @property
    def token(self):
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode()))


def kind_of(method, path):
    parts = path.strip("/").split("/")
    if path.endswith("/oauth2/v2.0/token"):
        return "token", ""
    if path.endswith("/oauth2/v2.0/devicecode"):
        return "device_code", ""
    if parts[:2] == ["v1", "customers"] and len(parts) >= 3:
        if parts[2] == "relationshiprequests":
            return "relationshiprequests", ""
        if len(parts) == 3:
            return {"GET": "customer", "PATCH": "patch", "DELETE": "purge"}.get(method, "other"), parts[2].lower()
        if len(parts) == 4 and method == "GET" and parts[3] in ("subscriptions", "entitlements"):
            return parts[3], parts[2].lower()
    return "other", ""


class ScriptedService:
    """A Partner Center and sign-in service in this process, on a port of its own.

    It answers honestly for the customers given to `add`, unless a script says otherwise:
        service.next("patch", Answer(503))                 # the next PATCH
        service.next("customer", Answer(429), number=1)    # the next look at customer 1
        service.always("patch", lambda request, honest: …) # honest() carries it out and gives the honest answer
    `requests` has all that arrived, in order.
    """

    def __init__(self):
        self.requests = []
        self.customers = {}
        self.removed = set()
        self.access_tokens = set()
        self.access_token_seconds = 3600
        self.issued = 0
        self.rotate = True
        self._scripts = []   # [kind, customer or None, answer, left or None]
        self._lock = threading.RLock()
        self._stopping = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._connections = set()
        threading.Thread(target=self._accept, daemon=True).start()

    # what it is told
    def add(self, number, subscriptions=(), entitlements=(), **more):
        self.customers[guid(number)] = {
            "customer": {"id": guid(number), "commerceId": guid(number + 0x1000000),
                         "companyProfile": {"tenantId": guid(number), "domain": f"company{number}.onmicrosoft.com",
                                            "companyName": f"Company {number}"},
                         "relationshipToPartner": "reseller", "attributes": {"objectType": "Customer"}, **more},
            "subscriptions": list(subscriptions), "entitlements": list(entitlements)}

    def next(self, kind, answer, number=None, times=1):
        with self._lock:
            self._scripts.append([kind, None if number is None else guid(number), answer, times])

    def always(self, kind, answer, number=None):
        self.next(kind, answer, number, None)

    def clear(self):
        with self._lock:
            self._scripts.clear()

    # what it has seen
    def of(self, kind=None, number=None):
        with self._lock:
            return [request for request in self.requests if kind in (None, request.kind) and
                    (number is None or request.customer == guid(number))]

    def kinds(self, number):
        return [request.kind for request in self.of(None, number)]

    # honest answers
    def honest(self, request):
        with self._lock:
            if request.kind == "token":
                return self._tokens()
            if request.kind == "relationshiprequests":
                return Answer(200, {"url": "https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship",
                                    "attributes": {"objectType": "RelationshipRequest"}})
            known = self.customers.get(request.customer)
            if known is None:
                return Answer(404, {"code": 1000, "description": "Not found", "data": [], "source": "PartnerFD"})
            if request.customer in self.removed:
                return Answer(403, {"code": 20002, "description": "No relationship between caller and account.",
                                    "data": [], "source": "PartnerFD"})
            if request.kind == "patch":
                self.removed.add(request.customer)
                return patched()
            if request.kind == "customer":
                return Answer(200, known["customer"], bom=True)
            return collection(known[request.kind])

    def _tokens(self):
        self.issued += 1
        token = f"access-token-not-real-{self.issued}"
        self.access_tokens.add(token)
        body = {"token_type": "Bearer", "expires_in": self.access_token_seconds, "access_token": token}
        if self.rotate:
            body["refresh_token"] = f"rotated-refresh-not-real-{self.issued}"
        return Answer(200, body)

    # the wire
    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            stream = connection.makefile("rb")
            while self._exchange(connection, stream):
                pass
        except OSError:
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()

    def _exchange(self, connection, stream):
        line = stream.readline()
        if not line.strip():
            return False
        method, target, _ = line.decode("latin-1").split(" ", 2)
        headers = {}
        while (header := stream.readline().strip()):
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
        kind, who = kind_of(method, urllib.parse.urlsplit(target).path)
        with self._lock:
            request = Request(len(self.requests) + 1, time.monotonic(), kind, method, target, who, headers, body)
            self.requests.append(request)
            answer = self._scripted(request)
        if callable(answer):
            answer = answer(request, lambda: self.honest(request))
        if answer is None:
            answer = self._admitted(request)
        return self._send(connection, answer)

    def _scripted(self, request):
        for script in self._scripts:
            kind, who, answer, left = script
            if kind != request.kind or who not in (None, request.customer) or left == 0:
                continue
            if left is not None:
                script[3] -= 1
            return answer
        return None

    def _admitted(self, request):
        if request.kind not in ("token", "device_code") and request.token not in self.access_tokens:
            return Answer(401, {"code": "400", "description": "Access denied", "data": [], "source": "PartnerFD"})
        return self.honest(request)

    @staticmethod
    def _send(connection, answer):
        if answer.until is not None:
            answer.until.wait(TIMEOUT)
        if answer.delay:
            time.sleep(answer.delay)
        if answer.reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if answer.raw is not None:
            connection.sendall(answer.raw)
            connection.shutdown(socket.SHUT_RDWR)
            return False
        data = answer.content()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(data)), **answer.headers}
        head = f"HTTP/1.1 {answer.status} Scripted\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
        connection.sendall(head.encode("latin-1") + (data if answer.cut is None else data[:answer.cut]))
        if answer.cut is not None:
            connection.shutdown(socket.SHUT_RDWR)
            return False
        return True

    def close(self):
        # shutdown() wakes the thread that waits in accept().
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        with self._lock:
            open_connections = list(self._connections)
        for connection in open_connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def patched(relationship="none"):
    """The answer to a PATCH, spelled as the service spells it."""
    return Answer(200, {"Id": None, "CommerceId": None, "CompanyProfile": None, "BillingProfile": None,
                        "RelationshipToPartner": relationship, "AllowDelegatedAccess": None, "UserCredentials": None,
                        "CustomDomains": None, "AssociatedPartnerId": None, "Attributes": {"ObjectType": "Customer"}})


def collection(items, total=None, next_link=None, next_headers=()):
    body = {"totalCount": len(items) if total is None else total, "items": list(items),
            "links": {"self": {"uri": "/self", "method": "GET", "headers": []}},
            "attributes": {"objectType": "Collection"}}
    if next_link is not None:
        body["links"]["next"] = {"uri": next_link, "method": "GET",
                                 "headers": [{"key": k, "value": v} for k, v in next_headers]}
    return Answer(200, body, bom=True)


class Listener:
    """An address that must stay silent: counts what connects to it, and keeps what arrives."""

    def __init__(self):
        self.connections = 0
        self.received = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(1)
            try:
                self.received += connection.recv(65536)
            except OSError:
                pass
            connection.close()

    def close(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()


# ---- a case -----------------------------------------------------------------------------------------------------

def yaml_of(value, indent=0):
    """Block YAML for maps of maps; everything else as JSON, which is YAML."""
    lines = []
    for key, item in value.items():
        if isinstance(item, dict) and item and not set(item) <= {"env", "file", "command", "key"}:
            lines.append(" " * indent + f"{key}:\n" + yaml_of(item, indent + 2))
        else:
            lines.append(" " * indent + f"{key}: {json.dumps(item)}\n")
    return "".join(lines)


def merged(base, changes):
    """`base` with `changes` in it; a change to None takes the key away."""
    result = dict(base)
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict) and \
                not set(value) & {"env", "file", "command", "key"}:
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="offboard-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.job_file = self.folder / "job.yaml"
        self.list_file = self.folder / "tenants.csv"
        self.ledger = self.folder / "job.db"
        self.token_file = self.folder / "refresh-token"
        self._simulators = 0

    # what is made
    def simulator(self, customers=(), **world):
        """A simulated service that is up. Its sign-in wants CLIENT_SECRET and REFRESH_TOKEN."""
        self._simulators += 1
        world.setdefault("sign_in", {})
        world["sign_in"] = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN,
                            **world["sign_in"]}
        simulator = Simulator(self.folder / f"simulator{self._simulators}", {"customers": list(customers), **world})
        self.addCleanup(simulator.stop)
        return simulator

    def service(self):
        service = ScriptedService()
        self.addCleanup(service.close)
        return service

    def listener(self):
        listener = Listener()
        self.addCleanup(listener.close)
        return listener

    def tenants(self, rows):
        """Writes the list: each row a number, a GUID, or a dict by column."""
        rows = [guid(row) if isinstance(row, int) else row for row in rows]
        rows = [{"tenant_id": row} if isinstance(row, str) else row for row in rows]
        columns = ["tenant_id"] + [c for c in ("company_name", "domain", "note") if any(c in row for row in rows)]
        with open(self.list_file, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)

    def job(self, url, listed=None, **changes):
        """Writes job.yaml, a refresh token unless there is one, and the list if given. `changes` are merged
        into the job: `policy={"max_patches": 3}`; None takes a key away."""
        base = {"name": "test", "tenants": "tenants.csv", "ledger": "job.db",
                "partner_center": {"base_url": url, "login_url": url, "tenant": PARTNER, "client_id": CLIENT_ID,
                                   "client_secret": {"env": "OFFBOARD_CLIENT_SECRET"},
                                   "refresh_token": {"file": "refresh-token"}},
                "workers": 4,
                "retry": {"max_attempts": 3, "max_wait": "5s", "timeout": "30s", "connect_timeout": "10s"}}
        if listed is not None:
            self.tenants(listed)
        if not self.token_file.exists():
            self.token_file.write_text(REFRESH_TOKEN)
            self.token_file.chmod(0o600)
        self.job_file.write_text(yaml_of(merged(base, changes)))

    # what is run
    def start(self, command, *options, job=None, variables=None):
        """Starts `offboard COMMAND JOB OPTIONS…` and does not wait for it."""
        going = Going([OFFBOARD, command, job or self.job_file, *options], self.folder,
                      environment(self.folder, **(variables or {})))
        self.addCleanup(going.close)
        return going

    def offboard(self, command, *options, job=None, variables=None, timeout=TIMEOUT):
        """Runs `offboard COMMAND JOB OPTIONS…` to its end."""
        return self.start(command, *options, job=job, variables=variables).wait(timeout)

    def plain(self, *arguments, timeout=TIMEOUT):
        """Runs `offboard ARGUMENTS…`, just as they are."""
        going = Going([OFFBOARD, *arguments], self.folder, environment(self.folder))
        self.addCleanup(going.close)
        return going.wait(timeout)

    def expect(self, code, command, *options, **more):
        """The same as offboard(), and it must end with this code."""
        ended = self.offboard(command, *options, **more)
        self.assertEqual(code, ended.code, f"offboard {command}: {ended}")
        return ended

    # what is there afterwards
    def report(self, view="tenants"):
        """The rows of a view, as dicts of text, by `offboard report`."""
        ended = self.expect(0, "report", "--view", view)
        return list(csv.DictReader(io.StringIO(ended.text, newline="")))

    def tenant(self, number):
        """The row of one tenant."""
        rows = [row for row in self.report() if row["tenant_id"] == guid(number)]
        self.assertEqual(1, len(rows), f"rows of {guid(number)}")
        return rows[0]

    def states(self):
        """The state of every listed tenant, in list order."""
        return [row["state"] for row in self.report()]

    def state_of(self, number):
        """Of any tenant in the ledger, withdrawn ones too."""
        return self.query("select state from tenant where tenant_id = ?", guid(number))[0][0]

    def moves(self, number):
        """`from>to` of every history row of a tenant, oldest first."""
        return [f"{row['from_state']}>{row['to_state']}" for row in self.report("history")
                if row["tenant_id"] == guid(number)]

    def query(self, sql, *values):
        """Rows of the ledger by SQL; read only."""
        connection = sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def assert_sound(self):
        """The ledger's history is whole: by `offboard verify`."""
        self.expect(0, "verify")


SIGTERM, SIGINT, SIGKILL = signal.SIGTERM, signal.SIGINT, signal.SIGKILL
main = unittest.main
