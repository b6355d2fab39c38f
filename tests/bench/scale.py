#!/usr/bin/env python3
"""What a long list costs, beside sqlite3 doing the part of it that sqlite3 can do: tests/bench/scale.py BUILD-FOLDER

Every round runs each candidate once, one after the other, so that whatever else the machine does hits all of them; ratios are
taken within a round. Printed: medians, and in brackets the smallest and largest. Memory is the peak of resident pages, of which this
script itself leaves its children some 23 MiB.
"""
import argparse
import http.server
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time

# As the report asks for it (src/ledger/reader.cpp).
REPORT = """select tenant_id, company_name, domain, state,
(select group_concat(entry, ';') from (select code || ':' || object_id as entry from blocker where tenant = number order by ordinal)),
detail, checked_at, patched_at, attempts, http_status, error_code, request_id, correlation_id, run_id, note
from tenant where position is not null order by position"""

SCHEMA = "\n".join(file.read_text() for file in sorted((pathlib.Path(__file__).resolve().parents[2] / "schema").glob("*.sql")))
# What an import leaves, put together from the bottom: each step does what the one before did, and more.
IMPORT_STEPS = {
    "the rows alone, in a bare table": "",
    "+ a write-ahead log, synced at the end": "pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 33554432;",
    "+ the ledger's own row, with state and run": "tenant",
    "+ its three indexes": "indexes",
    "+ a row of history, without its chain": "history",
}
INDEXES = ("create unique index by_id on tenant (tenant_id); create index by_position on tenant (position);"
           "create index by_turn on tenant (turn, ifnull(position, 0)) where turn is not null;")
RUN_ID = "00000000-0000-4000-8000-000000000000"
TENANTS = ("insert into tenant (tenant_id, position, company_name, domain, note, state, run_id) "
           f"select tenant_id, rowid, company_name, domain, note, 'pending', '{RUN_ID}' from list;")
HISTORY = (f"insert into history select rowid, '2026-11-23T01:38:07.123Z', '{RUN_ID}', tenant_id, null, 'pending', 'listed', "
           f"null, null, null, null, '{64 * 'f'}' from list;")


def import_step(upto):
    """A script for sqlite3 that takes list.csv over as far as that step."""
    steps = list(IMPORT_STEPS)
    done = steps.index(upto)
    log = IMPORT_STEPS[steps[1]] if done > 0 else ""
    if done < 2:
        return f"{log}\n.import --csv list.csv list\n"
    # The list itself only in memory; what that costs is a little less than the first step's.
    drops = "".join(f"drop {kind} {name};" for kind, name in (
        ("index", "tenant_by_id"), ("index", "tenant_by_position"), ("index", "tenant_by_turn"), ("index", "tenant_out_of_turn"),
        ("index", "tenant_by_wait"), ("trigger", "standing_counts_the_new"), ("trigger", "list_has_a_row_more"),
        ("trigger", "history_has_no_gap")))
    return (f"pragma temp_store = memory; pragma cache_size = -8192; {log}\n{SCHEMA}\n{drops}\n"
            "create temp table list (tenant_id text, company_name text, domain text, note text);\n"
            ".import --csv --skip 1 --schema temp list.csv list\n"
            f"begin; {TENANTS} {INDEXES if done > 2 else ''} {HISTORY if done > 3 else ''} commit;\n")


class Service(http.server.BaseHTTPRequestHandler):
    """Signs anybody in, and notes when it is asked for the first time and for a customer."""
    protocol_version = "HTTP/1.1"
    first = {}

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        self.first.setdefault("any", time.monotonic())
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": "not-real"})

    def do_GET(self):
        self.first.setdefault("customer", time.monotonic())
        self.answer(500, {})

    def log_message(self, *_):
        pass


class Bench:
    def __init__(self, programs, folder):
        self.offboard = pathlib.Path(programs).resolve() / "offboard"
        self.folder = pathlib.Path(folder)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def write_lists(self, count):
        chance = random.Random(1)
        with open(self.folder / "list.csv", "w") as csv, open(self.folder / "list.yaml", "w") as yaml:
            csv.write("tenant_id,company_name,domain,note\n")
            for n in range(count):
                digits = f"{chance.getrandbits(128):032x}"
                guid = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
                texts = (f"Company {n} GmbH", f"company{n}.onmicrosoft.com", f"CHG-{n:07d}")
                csv.write(f"{guid},{','.join(texts)}\n")
                yaml.write(f"- tenant_id: {guid}\n  company_name: {texts[0]}\n  domain: {texts[1]}\n  note: {texts[2]}\n")
        (self.folder / "refresh-token").write_text("not-real")
        (self.folder / "refresh-token").chmod(0o600)

    def job(self, kind="csv", url="http://127.0.0.1:1", report=None):
        """Nobody listens there: a check takes the list over, cannot sign in and ends."""
        file = self.folder / "job.yaml"
        file.write_text(json.dumps({
            "name": "bench", "tenants": f"list.{kind}", "ledger": "job.db",
            "partner_center": {"base_url": url, "login_url": url, "tenant": "contoso.onmicrosoft.com",
                               "client_id": "11111111-1111-1111-1111-111111111111",
                               "refresh_token": {"file": "refresh-token"}},
            "retry": {"max_attempts": 1}, "policy": {"deadline": "1s"}, "report": report or {}}))
        return file

    def step(self, name):
        """One of IMPORT_STEPS, done by sqlite3 into a new file."""
        self.forget()
        (self.folder / "step.sql").write_text(import_step(name))
        return self.timed("sqlite3", "-bail", "peer.db", ".read step.sql")

    def forget(self):
        for name in ("job.db", "job.db-wal", "job.db-shm", "peer.db", "peer.db-wal", "peer.db-shm"):
            (self.folder / name).unlink(missing_ok=True)

    def timed(self, *command, codes=(0,)):
        """Seconds by the clock, seconds of processor, MiB."""
        with open(self.folder / "out", "wb") as out, open(self.folder / "err", "wb") as err:
            before = time.monotonic()
            process = subprocess.Popen([str(part) for part in command], cwd=self.folder, stdout=out, stderr=err,
                                       stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            took = time.monotonic() - before
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            raise SystemExit(f"{command}: {process.returncode}: {(self.folder / 'err').read_text()}")
        return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def ours(self, command, *more, job=None, codes=(0,)):
        return self.timed(self.offboard, command, *more, job or self.job(), codes=codes)

    def until_first_request(self):
        """Of a run that finds half of the tenants done: until it signs in, and until it asks for a customer. Milliseconds."""
        Service.first.clear()
        job = self.job(url=f"http://127.0.0.1:{self.server.server_port}")
        before = time.monotonic()
        memory = self.ours("run", job=job, codes=(5,))[2]
        return [1000 * (Service.first[what] - before) for what in ("any", "customer")] + [memory]


def shown(values, unit="", digits=2):
    return f"{statistics.median(values):.{digits}f}{unit} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def compare(name, ours, peer):
    """Both: a (wall, cpu, memory) for each round."""
    for index, what in enumerate(("wall", "CPU")):
        mine, other = [row[index] for row in ours], [row[index] for row in peer]
        print(f"{name}, {what}: {shown(mine, ' s')}; peer {shown(other, ' s')}; "
              f"ratio {shown([a / b for a, b in zip(mine, other)])}", flush=True)


def resumed(bench):
    """A ledger as an earlier run may have left it: half of the tenants done, a tenth blocked."""
    subprocess.run(["sqlite3", bench.folder / "job.db",
                    "update tenant set state = 'patched' where number % 2 = 0;"
                    "update tenant set state = 'blocked' where number % 10 = 5;"
                    "insert into blocker select number, 1, 'active-subscription', tenant_id, 'Licences', 'active', 'Cancel it.', "
                    "'2026-11-23T01:38:07.123Z', 'subscriptions' from tenant where number % 10 = 5"], check=True)


def rounds_of(bench, rounds):
    plain, keyed, imports, again, reports, report_peer, requests, status = [], [], [], [], [], [], [], []
    for at in range(rounds):
        print(f"round {at + 1}", file=sys.stderr)
        bench.forget()
        plain.append(bench.timed("sqlite3", "peer.db", ".import --csv list.csv list"))
        bench.forget()
        keyed.append(bench.timed("sqlite3", "peer.db", "create table list (tenant_id text primary key, "
                                 "company_name text, domain text, note text)", ".import --csv --skip 1 list.csv list"))
        bench.forget()
        imports.append(bench.ours("check", codes=(5,)))
        again.append(bench.ours("check", codes=(5,)))
        reports.append(bench.ours("report"))
        report_peer.append(bench.timed("sqlite3", "-readonly", "-csv", "job.db", REPORT))
        resumed(bench)
        requests.append(bench.until_first_request())
        status.append(bench.ours("status"))
    compare("import, and sqlite3 .import into a bare table", imports, plain)
    compare("import, and sqlite3 .import into a table with tenant_id as its key", imports, keyed)
    compare("report as CSV, and sqlite3 -csv of the same query", reports, report_peer)
    for index, what in enumerate(("the first request", "the first look at a customer")):
        print(f"resumed, half done, until {what}: {shown([row[index] for row in requests], ' ms', 0)}")
    print(f"status: {shown([1000 * row[0] for row in status], ' ms', 0)}")
    print(f"the same list again: {shown([row[1] for row in again], ' s of CPU')}")


def parts_of_import(bench, rounds):
    """What the factor between a bare table and a ledger is made of: CPU as a multiple of the first line's, round by round."""
    found = {name: [] for name in (*IMPORT_STEPS, "offboard validate: the rows read and judged, nothing written", "offboard check")}
    for at in range(rounds):
        print(f"round {at + 1}", file=sys.stderr)
        cpu = [bench.step(name)[1] for name in IMPORT_STEPS] + [bench.ours("validate")[1]]
        bench.forget()
        cpu.append(bench.ours("check", codes=(5,))[1])
        for name, value in zip(found, cpu):
            found[name].append(value / cpu[0])
    print("\n| an import, put together | times the CPU of a bare table |\n|---|---|")
    for name, ratios in found.items():
        print(f"| {name} | {shown(ratios)} |", flush=True)


def memory(bench):
    """Of every command; the goal is 96 MiB."""
    peaks = {}
    for kind in ("csv", "yaml"):
        job = bench.job(kind)
        peaks[f"validate, {kind}"] = bench.ours("validate", job=job)[2]
        bench.forget()
        peaks[f"check, a new ledger, {kind}"] = bench.ours("check", job=job, codes=(5,))[2]
    job = bench.job()
    peaks["check, the list changed"] = bench.ours("check", job=job, codes=(5,))[2]
    peaks["check, the list known"] = bench.ours("check", job=job, codes=(5,))[2]
    resumed(bench)
    peaks["run, the list known"] = bench.until_first_request()[2]
    bench.job(report={form: f"report.{form}" for form in ("csv", "json", "html")})
    peaks["run, three reports at its end"] = bench.ours("run", job=bench.folder / "job.yaml", codes=(5,))[2]
    for form in ("text", "json"):
        peaks[f"status {form}"] = bench.ours("status", "--format", form)[2]
    for view in ("tenants", "blockers", "history", "runs"):
        for form in ("csv", "json", "html"):
            peaks[f"report {view}, {form}"] = bench.ours("report", "--view", view, "--format", form)[2]
    # The states above were changed without a row of history, so it finds something.
    peaks["verify"] = bench.ours("verify", codes=(1,))[2]
    print("\n| command | MiB |\n|---|---|")
    for name, peak in peaks.items():
        print(f"| {name} | {peak:.0f} |", flush=True)


def growth(bench, largest, data_file):
    """CPU per tenant and memory by the length of the list, for growth.gnuplot too."""
    rows = []
    for count in (1000, 10_000, 100_000, 1_000_000):
        if count > largest:
            break
        bench.write_lists(count)
        bench.forget()
        took, again = bench.ours("check", codes=(5,)), bench.ours("check", codes=(5,))
        report, verify = bench.ours("report"), bench.ours("verify")
        rows.append((count, *(1e6 * each[1] / count for each in (took, again, report, verify)), took[2], again[2], report[2], verify[2]))
        print("growth: {} tenants: µs of CPU a tenant: taken over {:.1f}, known {:.2f}, report {:.1f}, verify {:.1f}; "
              "MiB: {:.0f}, {:.0f}, {:.0f}, {:.0f}".format(*rows[-1]), flush=True)
    if data_file:
        pathlib.Path(data_file).write_text("".join(" ".join(f"{value:.2f}" for value in row) + "\n" for row in rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", help="folder with the offboard to be measured")
    parser.add_argument("--tenants", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth-data", help="where the figures for growth.gnuplot go")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        bench = Bench(arguments.programs, folder)
        growth(bench, arguments.tenants, arguments.growth_data)
        bench.write_lists(arguments.tenants)
        rounds_of(bench, arguments.rounds)
        parts_of_import(bench, arguments.rounds)
        memory(bench)


if __name__ == "__main__":
    main()
