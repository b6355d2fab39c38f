#!/usr/bin/env python3
"""What a long list costs, beside sqlite3 doing the part of it that sqlite3 can do: tests/bench/scale.py BUILD-FOLDER

Every round runs each candidate once, one after the other, so that whatever else the machine does hits all of them; ratios are
taken within a round. Printed: medians, and in brackets the smallest and largest. Memory is the peak of resident pages, of which this script itself leaves its children some 23 MiB.
"""
import argparse
import http.server
import json
import os
import pathlib
import random
import statistics
import subprocess
import tempfile
import threading
import time

# As the report asks for it (src/ledger/reader.cpp).
REPORT = """select tenant_id, company_name, domain, state,
(select group_concat(entry, ';') from (select code || ':' || object_id as entry from blocker where tenant = number order by ordinal)),
detail, checked_at, patched_at, attempts, http_status, error_code, request_id, correlation_id, run_id, note
from tenant where position is not null order by position"""


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

    def job(self, kind="csv", url="http://127.0.0.1:1"):
        """Nobody listens there: a check takes the list over, cannot sign in and ends."""
        file = self.folder / "job.yaml"
        file.write_text(json.dumps({
            "name": "bench", "tenants": f"list.{kind}", "ledger": "job.db",
            "partner_center": {"base_url": url, "login_url": url, "tenant": "contoso.onmicrosoft.com",
                               "client_id": "11111111-1111-1111-1111-111111111111",
                               "refresh_token": {"file": "refresh-token"}},
            "retry": {"max_attempts": 1}, "policy": {"deadline": "1s"}}))
        return file

    def forget(self):
        for name in ("job.db", "job.db-wal", "job.db-shm", "peer.db"):
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


def rounds_of(bench, rounds):
    plain, keyed, imports, again, reports, report_peer, requests, status, memory = [], [], [], [], [], [], [], [], {}
    for _ in range(rounds):
        bench.forget()
        plain.append(bench.timed("sqlite3", "peer.db", ".import --csv list.csv tenants"))
        bench.forget()
        keyed.append(bench.timed("sqlite3", "peer.db", "create table tenants (tenant_id text primary key, "
                                 "company_name text, domain text, note text)", ".import --csv --skip 1 list.csv tenants"))
        bench.forget()
        imports.append(bench.ours("check", codes=(5,)))
        again.append(bench.ours("check", codes=(5,)))
        reports.append(bench.ours("report"))
        report_peer.append(bench.timed("sqlite3", "-readonly", "-csv", "job.db", REPORT))
        subprocess.run(["sqlite3", bench.folder / "job.db", "update tenant set state = 'patched' where number % 2 = 0"],
                       check=True)
        requests.append(bench.until_first_request())
        status.append(bench.ours("status"))
    compare("import, and sqlite3 .import into a bare table", imports, plain)
    compare("import, and sqlite3 .import into a table with tenant_id as its key", imports, keyed)
    compare("report as CSV, and sqlite3 -csv of the same query", reports, report_peer)
    for index, what in enumerate(("the first request", "the first look at a customer")):
        print(f"resumed, half done, until {what}: {shown([row[index] for row in requests], ' ms', 0)}")
    print(f"status: {shown([1000 * row[0] for row in status], ' ms', 0)}")
    memory.update({"check, new": max(row[2] for row in imports), "check, same list": max(row[2] for row in again),
                   "run": max(row[2] for row in requests), "status": max(row[2] for row in status)})
    memory["validate"] = bench.ours("validate")[2]
    memory["verify"] = bench.ours("verify", codes=(1,))[2]
    for view in ("tenants", "blockers", "history", "runs"):
        for form in ("csv", "json", "html"):
            memory[f"report {view} {form}"] = bench.ours("report", "--view", view, "--format", form)[2]
    yaml = bench.ours("validate", job=bench.job("yaml"))
    memory["validate, YAML"] = yaml[2]
    print(f"validate a YAML list: {yaml[0]:.1f} s, {yaml[1]:.1f} s of CPU")
    print("peak memory: " + ", ".join(f"{name} {peak:.0f} MiB" for name, peak in memory.items()))


def growth(bench, largest):
    count = 1000
    while count <= largest:
        bench.write_lists(count)
        bench.forget()
        took = bench.ours("check", codes=(5,))
        again = bench.ours("check", codes=(5,))
        print(f"{count:>8} tenants: import {1e6 * took[1] / count:.1f} µs of CPU a tenant, {took[2]:.0f} MiB; "
              f"the same list again {again[1]:.2f} s of CPU, {again[2]:.0f} MiB", flush=True)
        count *= 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", help="folder with the offboard to be measured")
    parser.add_argument("--tenants", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        bench = Bench(arguments.programs, folder)
        growth(bench, arguments.tenants)
        bench.write_lists(arguments.tenants)
        rounds_of(bench, arguments.rounds)


if __name__ == "__main__":
    main()
