"""Cuts off, slows down and kills the hosts of a site, one at a time, while people read, write and moderate.

    python -m tests.cluster

Needs root, iproute2, PostgreSQL and Redis. Hosts are network namespaces: two web hosts, a database with a streaming
replica, Redis, and S3 as moto plays it. Web hosts share nothing but these. At last the site is upgraded, with the old
and the new release side by side. Ends with status 0 if every acknowledged save is there, nothing was shown later than a
second after it was unpublished or hidden, hosts without a database showed pages for a minute at most, and the site
came back by itself each time.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from .hosts import ROOT, environment

INSIDE = "PALIMPSEST_CLUSTER_TEST"  # names the folder, in the process within the namespaces


def main() -> int:
    if folder := os.environ.get(INSIDE):
        return run(Path(folder))
    if os.getuid() != 0:
        sys.exit("Network namespaces need root")
    folder = tempfile.mkdtemp(prefix="palimpsest-cluster-")
    Path(folder).chmod(0o755)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # All of it ends with this process, however that ends.
    alone = "setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child --mount-proc".split()
    try:
        process = subprocess.Popen(
            [*alone, sys.executable, "-m", "tests.cluster"], cwd=ROOT, env=os.environ | {INSIDE: folder}
        )
        return process.wait()
    finally:
        process.kill()  # and with it all that it started
        process.wait()
        deadline = time.monotonic() + 5  # until the last of it has stopped writing
        while Path(folder).exists() and time.monotonic() < deadline:
            shutil.rmtree(folder, ignore_errors=True)
            time.sleep(0.1)


def run(folder: Path) -> int:
    import django

    os.environ |= environment()
    django.setup()
    from .faults import Phase, faults, faults_at_the_end, seconds_until_back, upgrades
    from .people import stopped
    from .site import Site

    site = Site(folder)
    site.start()
    people = [*site.readers, *site.writers, *site.moderators]
    threads = [threading.Thread(target=person.run, daemon=True) for person in people]
    for thread in threads:
        thread.start()
    time.sleep(3)  # until each page has been read
    found = []
    columns = ("answers", "errors", "median", "slowest", "stale", "saves", "back")
    print(f"{'':22}" + "".join(f"{column:>10}" for column in columns), flush=True)
    for fault in (*faults(site), *upgrades(site)):
        begin = time.monotonic()
        fault.begin()
        in_place = time.monotonic()  # on a busy machine, seconds later
        time.sleep(fault.seconds)
        lifted = time.monotonic()
        fault.end()
        end = time.monotonic()
        back = seconds_until_back(site)
        phase = Phase(site, fault, begin, in_place, lifted, end, end + back)
        print(phase.row(), flush=True)
        found += phase.faults()
    stopped.set()
    for thread in threads:
        thread.join(30)
    found += faults_at_the_end(site)
    for text in found:
        print("FAULT:", text)
    for web in site.webs if found else []:
        print(f"The end of the log of {web.name}:", web.log()[-4000:], sep="\n")
    print(
        f"{len(found)} faults" if found else "every acknowledged save is there, and nothing stale was shown"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
