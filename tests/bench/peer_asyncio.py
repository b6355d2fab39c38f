#!/usr/bin/env python3
"""The same job as a careful person would write it with asyncio, aiohttp and sqlite3: for the comparison in run.sh.

    peer_asyncio.py check|run LIST LEDGER BASE-URL WORKERS

Reads every listed customer and its subscriptions and entitlements; `run` then records the intent and its request id durably and
sends the PATCH, and records the answer. Run again it goes on: one that was begun is read back first. Commits are shared by all
that wait for one. What it leaves out, and `offboard` does: checking the list, retries and pacing, what a second of a kind of
trouble means, blockers, a history that shows whether it was altered, reports.
"""
import asyncio
import csv
import json
import sqlite3
import sys
import uuid

import aiohttp

BODY = b'{"relationshipToPartner":"none","attributes":{"objectType":"Customer"}}'


class Ledger:
    def __init__(self, file):
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.executescript("""
            pragma journal_mode = wal; pragma synchronous = full;
            create table if not exists tenant (id text primary key, state text not null default 'pending', request_id text);
            create table if not exists history (seq integer primary key, at text default current_timestamp, tenant text, state text);
        """)
        self._waiting = []
        self._more = asyncio.Event()

    def take_list(self, file):
        with open(file, newline="", encoding="utf-8") as rows:
            ids = [(str(uuid.UUID(row["tenant_id"])),) for row in csv.DictReader(rows)]
        self._database.execute("begin immediate")
        self._database.executemany("insert or ignore into tenant (id) values (?)", ids)
        self._database.execute("commit")
        return self._database.execute("select id, state, request_id from tenant where state not in ('patched', 'failed')").fetchall()

    async def move(self, tenant, state, request_id=None):
        """Returns when it is on disk."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(((state, request_id, tenant), done))
        self._more.set()
        await done

    def _write(self, moves):
        self._database.execute("begin immediate")
        self._database.executemany("update tenant set state = ?, request_id = coalesce(?, request_id) where id = ?", moves)
        self._database.executemany("insert into history (state, tenant) values (?, ?)", [(s, t) for s, _, t in moves])
        self._database.execute("commit")

    async def write(self):
        """Commits what waits, all of it at once, over and over."""
        loop = asyncio.get_running_loop()
        while True:
            await self._more.wait()
            self._more.clear()
            batch, self._waiting = self._waiting, []
            await loop.run_in_executor(None, self._write, [move for move, _ in batch])
            for _, done in batch:
                done.set_result(None)


class Service:
    def __init__(self, session, base):
        self._session, self._base, self._token = session, base, ""

    async def sign_in(self):
        form = {"grant_type": "refresh_token", "refresh_token": "x", "client_id": "y", "scope": "z"}
        async with self._session.post(f"{self._base}/contoso.onmicrosoft.com/oauth2/v2.0/token", data=form) as answer:
            answer.raise_for_status()
            self._token = (await answer.json(content_type=None))["access_token"]

    def _headers(self, request_id):
        return {"Authorization": f"Bearer {self._token}", "Accept": "application/json", "MS-RequestId": request_id,
                "MS-CorrelationId": str(uuid.uuid4()), "MS-Contract-Version": "v1", "X-Locale": "en-US"}

    async def read(self, path):
        async with self._session.get(f"{self._base}/v1/customers/{path}", headers=self._headers(str(uuid.uuid4()))) as answer:
            answer.raise_for_status()
            return json.loads(await answer.read())

    async def remove(self, tenant, request_id):
        headers = {**self._headers(request_id), "Content-Type": "application/json; charset=utf-8"}
        async with self._session.patch(f"{self._base}/v1/customers/{tenant}", headers=headers, data=BODY) as answer:
            answer.raise_for_status()
            return json.loads(await answer.read())


async def is_ready(service, tenant):
    customer = await service.read(tenant)
    if customer["id"].lower() != tenant:
        raise ValueError("the answer is about somebody else")
    if customer["relationshipToPartner"] == "none":
        return None
    subscriptions = await service.read(f"{tenant}/subscriptions")
    entitlements = await service.read(f"{tenant}/entitlements")
    for collection in (subscriptions, entitlements):
        if collection["totalCount"] != len(collection["items"]):
            raise ValueError("the answer is not whole")
    return not any(item["status"] == "active" for item in subscriptions["items"]) and \
        not any(item["entitlementType"] in ("reservedinstance", "software") for item in entitlements["items"])


async def offboard(service, ledger, command, tenant, state, request_id):
    ready = await is_ready(service, tenant)
    if ready is None:
        return await ledger.move(tenant, "patched")
    if not ready:
        return await ledger.move(tenant, "blocked")
    if state != "patching":
        await ledger.move(tenant, "ready")
    if command == "check":
        return None
    request_id = request_id or str(uuid.uuid4())
    await ledger.move(tenant, "patching", request_id)
    answer = await service.remove(tenant, request_id)
    if answer["RelationshipToPartner"] == "none":
        await ledger.move(tenant, "patched")
    return None


async def work(queue, service, ledger, command):
    while queue:
        tenant, state, request_id = queue.pop()
        try:
            await offboard(service, ledger, command, tenant, state, request_id)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError, KeyError) as trouble:
            print(f"{tenant}: {trouble}", file=sys.stderr)


async def main(command, list_file, ledger_file, base, workers):
    ledger = Ledger(ledger_file)
    queue = ledger.take_list(list_file)
    writer = asyncio.create_task(ledger.write())
    timeout = aiohttp.ClientTimeout(total=180, connect=10)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=workers), timeout=timeout) as session:
        service = Service(session, base)
        await service.sign_in()
        await asyncio.gather(*(work(queue, service, ledger, command) for _ in range(workers)))
    writer.cancel()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5], int(sys.argv[5])))
