#!/usr/bin/env python3
"""What a request and a tenant cost, side by side with other programs on the same server in the same minutes; for run.sh.

    cost.py PROGRAMS WORK-FOLDER [--rounds N] [--tenants N] [--workers-data FILE]

Every round runs each rival once; what is printed is the median of the rounds and, in brackets, the lowest and the highest. CPU is
user and system time of a whole process tree, without the server's. It listens on loopback alone and ends what it started.
"""
import argparse
import contextlib
import csv
import os
import pathlib
import re
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

import static_server
from static_server import StaticServer

HERE = pathlib.Path(__file__).resolve().parent
AT_ONCE = 16
PYTHON = "/usr/bin/python3"  # Debian's, which has aiohttp


def tenant_id(number):
    return f"{number:08x}-0000-4000-8000-{number:012x}"


class Measured:
    def __init__(self, seconds, cpu, memory, out):
        self.seconds, self.cpu, self.memory, self.out = seconds, cpu, memory, out


def measure(command, folder, good=(0,), **variables):
    """Runs it to its end. Memory is the peak of its largest process, in MiB."""
    out = open(folder / "out", "w+", encoding="utf-8")
    began = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], cwd=folder, stdin=subprocess.DEVNULL, stdout=out,
                               stderr=subprocess.STDOUT, env={**os.environ, **variables}, preexec_fn=_files)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    out.seek(0)
    said = out.read()
    out.close()
    if os.waitstatus_to_exitcode(status) not in good:
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}:\n{said[-2000:]}")
    return Measured(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def _files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


class Bench:
    def __init__(self, programs, folder, server, tenants):
        self.programs, self.folder, self.server, self.tenants = pathlib.Path(programs).resolve(), folder, server, tenants
        self.refresh = folder / "refresh-token"
        self.refresh.write_text("refresh-token-not-real")
        self.refresh.chmod(0o600)

    def fresh(self, name, tenants):
        """A folder with a list."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        with open(folder / "tenants.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["tenant_id"], *([tenant_id(number)] for number in range(1, tenants + 1))])
        return folder

    def job(self, folder, url, workers=AT_ONCE):
        trust = f"  ca_file: {self.server.ca_file}\n" if url.startswith("https") else ""
        (folder / "job.yaml").write_text(
            f"name: bench\ntenants: tenants.csv\nledger: ledger.db\nworkers: {workers}\npartner_center:\n  base_url: {url}\n"
            f"  login_url: {url}\n{trust}  tenant: {static_server.PARTNER}\n"
            "  client_id: 11111111-1111-1111-1111-111111111111\n"
            f"  refresh_token: {{file: {self.refresh}}}\n")

    def offboard(self, command, url, tenants=None):
        folder = self.fresh("offboard", tenants or self.tenants)
        self.job(folder, url)
        return measure([self.programs / "offboard", command, "job.yaml"], folder)

    def unpaced(self, url, tenants, workers):
        """A check that knows its list, and a quota far above what it can do: one that knows none begins with eight at once."""
        folder = self.fresh("offboard", tenants)
        self.job(folder, "http://127.0.0.1:1")  # nobody listens there
        measure([self.programs / "offboard", "check", "job.yaml"], folder, good=(5,))
        with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as ledger, ledger:
            ledger.execute("insert into pace (id, per_hour, trial_after, is_of_windows, learned_at) "
                           "values (1, 1000000000, 1000000000, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))")
        self.job(folder, url, workers)
        return measure([self.programs / "offboard", "check", "job.yaml"], folder)

    def asyncio(self, command, url):
        return measure([PYTHON, HERE / "peer_asyncio.py", command, "tenants.csv", "ledger.db", url, AT_ONCE],
                       self.fresh("asyncio", self.tenants))

    def parallel(self, command, url):
        tenants = max(self.tenants // 20, 1)
        folder = self.fresh("parallel", tenants)
        done = measure([HERE / "peer_parallel.sh", command, "tenants.csv", "joblog", url, AT_ONCE], folder, HOME=str(folder))
        done.seconds, done.cpu = done.seconds * self.tenants / tenants, done.cpu * self.tenants / tenants
        return done

    def wrk(self, url):
        """The three reads in turn over AT_ONCE connections."""
        script = self.folder / "reads.lua"
        paths = ", ".join(f'"/v1/customers/{tenant_id(1)}{tail}"' for tail in ("", "/subscriptions", "/entitlements"))
        script.write_text(f'''local asked, next = {{}}, 0
init = function()
  for at, path in ipairs({{{paths}}}) do
    asked[at] = wrk.format("GET", path, {{["Authorization"] = "Bearer {self.server.token}"}})
  end
end
request = function() next = next % 3 + 1; return asked[next] end
''')
        done = measure(["wrk", "-t1", f"-c{AT_ONCE}", "-d3s", "-s", script, url], self.folder)
        done.requests = int(re.search(r"(\d+) requests in", done.out)[1])
        done.per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", done.out)[1])
        return done

    def h2load(self, url):
        target = f"{url}/v1/customers/{tenant_id(1)}/subscriptions"
        version = ["--h1"] if url.startswith("http:") else []
        done = measure(["h2load", *version, "-t1", f"-c{AT_ONCE}", "-m1", "-n", 3 * self.tenants * 4, "-H",
                        f"Authorization: Bearer {self.server.token}", target], self.folder)
        done.requests = 3 * self.tenants * 4
        done.per_second = float(re.search(r"([\d.]+) req/s", done.out)[1])
        return done

    def bare(self, url, *options, requests=None, threads=AT_ONCE, **variables):
        at = f"{url}/v1/customers/{tenant_id(1)}"
        requests = requests or 3 * self.tenants
        done = measure([self.folder / "bare_curl", threads, requests, *options, at, f"{at}/subscriptions", f"{at}/entitlements"],
                       self.folder, **{"CA_FILE": str(self.server.ca_file), "CA_FOLDER": "no", **variables})
        done.requests, done.per_second = requests, requests / done.seconds
        return done


# ---- rounds -----------------------------------------------------------------------------------------------------

def rounds_of(rivals, number):
    """{name: [Measured, …]}, one of each per round, so that a busy minute is everybody's."""
    found = {name: [] for name in rivals}
    for at in range(number):
        for name, run in rivals.items():
            print(f"round {at + 1}: {name}", file=sys.stderr)
            found[name].append(run())
    return found


def spread(values, digits=2):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def ratios(ours, theirs):
    """Round by round."""
    return [mine / other for mine, other in zip(ours, theirs)]


def table(header, rows):
    print("| " + " | ".join(header) + " |\n" + "|---" * len(header) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def tenants_table(bench, command, requests, number):
    url = bench.server.plain
    found = rounds_of({"offboard": lambda: bench.offboard(command, url),
                       "asyncio, aiohttp, sqlite3": lambda: bench.asyncio(command, url),
                       "parallel, curl, jq": lambda: bench.parallel(command, url)}, number)
    ours = [each.cpu for each in found["offboard"]]
    print(f"\n`{command}`: {requests} requests per tenant, {bench.tenants} tenants, {AT_ONCE} at once\n")
    table(["program", "CPU ms per tenant", "offboard's share of it", "tenants per second", "peak memory, MiB"],
          [[name, spread([1000 * each.cpu / bench.tenants for each in runs]),
            spread(ratios(ours, [each.cpu for each in runs])),
            spread([bench.tenants / each.seconds for each in runs], 0),
            spread([each.memory for each in runs], 0)] for name, runs in found.items()])


def requests_table(bench, number):
    plain = bench.server.plain

    def checked():
        done = bench.offboard("check", plain)
        done.requests, done.per_second = 3 * bench.tenants, 3 * bench.tenants / done.seconds
        return done
    found = rounds_of({"wrk": lambda: bench.wrk(plain), "h2load": lambda: bench.h2load(plain),
                       "libcurl, bare, 16 threads": lambda: bench.bare(plain),
                       "libcurl, bare, one thread": lambda: bench.bare(plain, "-multi"), "offboard check": checked}, number)
    limit = [each.per_second for each in found["wrk"]]
    print(f"\nReads over {AT_ONCE} kept connections, {bench.tenants} tenants\n")
    table(["program", "requests per second", "of wrk's", "CPU µs per request"],
          [[name, spread([each.per_second for each in runs], 0), spread(ratios([each.per_second for each in runs], limit)),
            spread([1e6 * each.cpu / each.requests for each in runs], 0)] for name, runs in found.items()])


def connections_table(bench, number):
    plain, tls, few = bench.server.plain, bench.server.tls, max(bench.tenants // 4, 100)
    found = rounds_of({
        "kept, HTTP/1.1": lambda: bench.bare(plain),
        "kept, HTTP/2 over TLS": lambda: bench.bare(tls),
        "fresh": lambda: bench.bare(plain, "-fresh", requests=few),
        "fresh, TLS session resumed": lambda: bench.bare(tls, "-fresh", requests=few),
        "fresh, full TLS handshake": lambda: bench.bare(tls, "-fresh", requests=few, SESSIONS="no"),
        "fresh, TLS, authorities read each time": lambda: bench.bare(tls, "-fresh", requests=100, threads=1, CA_FOLDER="yes",
                                                                     CA_FILE=str(bench.all_authorities)),
    }, number)
    print("\nWhat libcurl alone costs by connection\n")
    table(["connection", "CPU µs per request"],
          [[name, spread([1e6 * each.cpu / each.requests for each in runs], 0)] for name, runs in found.items()])


def tls_table(bench, number):
    plain, tls = bench.server.plain, bench.server.tls
    found = rounds_of({"HTTP/1.1, no TLS": lambda: bench.offboard("run", plain),
                       "HTTP/2 over TLS, removals HTTP/1.1 over TLS": lambda: bench.offboard("run", tls)}, number)
    print("\n`run` without and with TLS\n")
    table(["wire", "CPU ms per tenant", "tenants per second", "peak memory, MiB"],
          [[name, spread([1000 * each.cpu / bench.tenants for each in runs]),
            spread([bench.tenants / each.seconds for each in runs], 0),
            spread([each.memory for each in runs], 0)] for name, runs in found.items()])


def workers_table(bench, number, data_file):
    counts = [1, 2, 4, 8, 16, 32, 64, 128, 256]

    def at(url, workers, tenants):
        return lambda: bench.unpaced(url, tenants, workers)
    slow_tenants = {count: min(bench.tenants // 100 * count, bench.tenants) for count in counts}
    quick = rounds_of({count: at(bench.server.plain, count, bench.tenants) for count in counts}, number)
    slow = rounds_of({count: at(bench.server.slow, count, slow_tenants[count]) for count in counts}, number)
    rows = []
    for count in counts:
        rows.append((count, [bench.tenants / each.seconds for each in quick[count]],
                     [slow_tenants[count] / each.seconds for each in slow[count]], [each.memory for each in slow[count]],
                     [1000 * each.cpu / bench.tenants for each in quick[count]]))
    print(f"\n`check` by workers: a server that answers at once, and one that takes {1000 * bench.server.delay:.0f} ms\n")
    table(["workers", "tenants/s, at once", "CPU ms per tenant, at once", f"tenants/s, {1000 * bench.server.delay:.0f} ms",
           "of the limit (workers ÷ 3 × delay)", "peak memory, MiB"],
          [[str(count), spread(fast, 0), spread(cpu), spread(late, 1),
            spread([value / (count / (3 * bench.server.delay)) for value in late]), spread(memory, 0)]
           for count, fast, late, memory, cpu in rows])
    if data_file:
        with open(data_file, "w", encoding="utf-8") as file:
            for count, fast, late, memory, _ in rows:
                print(count, *(f"{statistics.median(values):.1f}" for values in (fast, late, memory)), file=file)


def growth_table(bench):
    """Once each: the longest takes as long as all rounds of the others."""
    print("\n`check` by the length of the list, import included, the server answers at once\n")
    rows = []
    for count in (1000, 10_000, 100_000):
        if count <= 50 * bench.tenants:
            print(f"{count} tenants", file=sys.stderr)
            done = bench.offboard("check", bench.server.plain, count)
            rows.append([f"{count:,}", f"{1000 * done.cpu / count:.2f}", f"{count / done.seconds:.0f}", f"{done.memory:.0f}"])
    table(["tenants", "CPU ms per tenant", "tenants per second", "peak memory, MiB"], rows)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("programs")
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--tenants", type=int, default=2000)
    arguments.add_argument("--workers-data")
    given = arguments.parse_args()
    folder = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["g++", "-O2", "-o", folder / "bare_curl", HERE / "bare_curl.cpp", "-lcurl", "-lpthread"], check=True)
    with StaticServer(folder / "nginx", folder / "server") as server:
        bench = Bench(given.programs, folder, server, given.tenants)
        bench.all_authorities = folder / "authorities.pem"
        bench.all_authorities.write_bytes(pathlib.Path("/etc/ssl/certs/ca-certificates.crt").read_bytes() +
                                          server.ca_file.read_bytes())
        tenants_table(bench, "check", 3, given.rounds)
        tenants_table(bench, "run", 4, given.rounds)
        requests_table(bench, given.rounds)
        connections_table(bench, given.rounds)
        tls_table(bench, given.rounds)
        workers_table(bench, given.rounds, given.workers_data)
        growth_table(bench)


if __name__ == "__main__":
    main()
