#!/usr/bin/env python3
"""Takes out, one at a time, the lines that keep the promises, and shows that some test goes red for each.

    tests/mutation/run.py              all mutants; prints a table
    tests/mutation/run.py read-back    those whose name holds the word
    tests/mutation/run.py --list
    tests/mutation/run.py --check      only that every line to take out still stands where it is looked for; quick

Works on a copy of the committed tree in a temporary folder. Not part of tests/run.sh: each mutant is a build of its own.
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

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(command, cwd, env=None, timeout=900):
    return subprocess.run(command, cwd=cwd, env=env, timeout=timeout, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def copy_tree(target):
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    target.mkdir()
    subprocess.run(["tar", "-x"], cwd=target, input=archive, check=True)


def build(tree):
    return run(["cmake", "--build", "build"], tree)


def first_red(tree, mutant):
    """The first test that fails, or None. The room's own come first, because they are quick."""
    room = mutant.file.split("/")[1]
    for pattern in (f"^unit\\.{room}", "^unit\\.run", *mutant.tests):
        result = run(["ctest", "--test-dir", "build", "--stop-on-failure", "-j", str(os.cpu_count()), "-R", pattern], tree)
        if result.returncode != 0:
            for line in result.stdout.splitlines():
                if "***" in line:
                    return line.split(":", 1)[-1].strip().split()[0]
            return "?"
    return None


def try_mutant(tree, mutant):
    path = tree / mutant.file
    original = path.read_text()
    if original.count(mutant.line) != 1:
        return "not found: the line to take out must stand in the file exactly once"
    path.write_text(original.replace(mutant.line, mutant.instead))
    try:
        built = build(tree)
        if built.returncode != 0:
            return "killed by the compiler" if mutant.compiler_may_object else "does not build:\n" + built.stdout[-2000:]
        red = first_red(tree, mutant)
        return f"killed by {red}" if red else "SURVIVED"
    finally:
        path.write_text(original)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    chosen = [m for m in MUTANTS if not arguments.words or any(w in m.name for w in arguments.words)]
    if arguments.list:
        for mutant in chosen:
            print(f"{mutant.name:40} promise {mutant.promise}  {mutant.file}")
        return 0
    if arguments.check:
        lost = [m.name for m in chosen if (ROOT / m.file).read_text().count(m.line) != 1]
        for name in lost:
            print(f"{name}: the line to take out must stand in its file exactly once")
        return 1 if lost else 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="offboard-mutants-"))
    tree = folder / "tree"
    survivors = 0
    try:
        copy_tree(tree)
        configured = run(["cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=None",
                          "-DCMAKE_CXX_FLAGS=-O1", "-DOFFBOARD_BUILD_TESTS=ON", "-DOFFBOARD_NIGHTS=1000"], tree)
        if configured.returncode != 0 or build(tree).returncode != 0:
            print(configured.stdout[-3000:])
            return 1
        for mutant in chosen:
            begun = time.monotonic()
            verdict = try_mutant(tree, mutant)
            survivors += not verdict.startswith("killed")
            print(f"{mutant.name:40} promise {mutant.promise}  {verdict}  ({time.monotonic() - begun:.0f} s)", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
