#!/usr/bin/env python3
"""Takes out, one at a time, the lines that keep the promises, and shows that some test goes red for each.

    tests/mutation/run.py              all mutants; prints a table
    tests/mutation/run.py read-back    those whose name holds the word
    tests/mutation/run.py --list
    tests/mutation/run.py --quick      only the rooms that build in seconds: the decision and the pacing; and that every line to
                                       take out still stands where it is looked for

Works on a copy of the committed tree in a temporary folder. tests/run.sh does the quick part.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from mutants import MUTANTS

QUICK_ROOMS = ("decide", "pace")
ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(command, cwd, env=None, timeout=900):
    return subprocess.run(command, cwd=cwd, env=env, timeout=timeout, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def copy_tree(target):
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    target.mkdir()
    subprocess.run(["tar", "-x"], cwd=target, input=archive, check=True)


def room_of(mutant):
    folder, room = mutant.file.split("/")[:2]
    return "ledger" if folder == "schema" else room


def build(tree, targets, timeout=900):
    return run(["cmake", "--build", "build", "--target", *(targets or ["all"])], tree, timeout=timeout)


def first_red(tree, mutant, own_room_only):
    """The first test that fails, or None. The room's own come first, because they are quick."""
    own = (f"^unit\\.{room_of(mutant)}$",)
    for pattern in own if own_room_only else (*own, "^unit\\.run$", *mutant.tests):
        result = run(["ctest", "--test-dir", "build", "--stop-on-failure", "-j", str(os.cpu_count()), "-R", pattern], tree)
        if result.returncode != 0:
            for line in result.stdout.splitlines():
                if "***" in line:
                    return line.split(":", 1)[-1].strip().split()[0]
            return "?"
    return None


def try_mutant(tree, mutant, targets):
    path = tree / mutant.file
    original = path.read_text()
    if original.count(mutant.line) != 1:
        return "not found: the line to take out must stand in the file exactly once"
    path.write_text(original.replace(mutant.line, mutant.instead))
    try:
        built = build(tree, targets)
        if built.returncode != 0:
            return "killed by the compiler" if mutant.compiler_may_object else "does not build:\n" + built.stdout[-2000:]
        red = first_red(tree, mutant, own_room_only=bool(targets))
        return f"killed by {red}" if red else "SURVIVED"
    finally:
        path.write_text(original)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    chosen = [m for m in MUTANTS if not arguments.words or any(w in m.name for w in arguments.words)]
    if arguments.list:
        for mutant in chosen:
            print(f"{mutant.name:40} promise {mutant.promise}  {mutant.file}")
        return 0
    lost = [m.name for m in chosen if (ROOT / m.file).read_text().count(m.line) != 1]
    for name in lost:
        print(f"{name}: the line to take out must stand in its file exactly once")
    if lost:
        return 1
    targets = []
    if arguments.quick:
        chosen = [m for m in chosen if room_of(m) in QUICK_ROOMS]
        targets = [f"{room}_test" for room in QUICK_ROOMS]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="offboard-mutants-"))
    tree = folder / "tree"
    survivors = 0
    try:
        copy_tree(tree)
        configured = run(["cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
                          "-DCMAKE_CXX_FLAGS=-O1", "-DOFFBOARD_BUILD_TESTS=ON", "-DOFFBOARD_NIGHTS=1000"], tree)
        if configured.returncode != 0 or build(tree, targets, timeout=3600).returncode != 0:
            print(configured.stdout[-3000:])
            return 1
        for mutant in chosen:
            begun = time.monotonic()
            verdict = try_mutant(tree, mutant, targets)
            survivors += not verdict.startswith("killed")
            print(f"{mutant.name:40} promise {mutant.promise}  {verdict}  ({time.monotonic() - begun:.0f} s)", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
