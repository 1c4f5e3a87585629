"""Lets things fail while people write, then proves that nothing was lost.

    python -m tests.chaos --seconds 60 --database sqlite
    python -m tests.chaos --seconds 60 --database postgresql --faults disk,clock

Everything stands in a temporary folder of its own: the database (a PostgreSQL cluster made with `initdb`, never as
root), Redis if it is installed, a mail server, the site under a web server, and its task worker. Writers edit through
the admin as browsers do. A save is acknowledged when the answer is the redirect. A save that is refused has to come
with its text; one whose answer is cut off may have been kept or not. Ends with status 0 if every acknowledged save is
there, whole and chained, every task was done once, and the site is ready again by itself.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from statistics import median

from .processes import SERVERS
from .site import ARTICLES, WRITERS, Site


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--server", choices=SERVERS, default="gunicorn")
    parser.add_argument("--faults", help="names with commas between them; all if it is not given")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    random.seed(options.seed)
    site = Site(database=options.database, server=options.server)
    try:
        return run(site, options)
    finally:
        site.stop_people()
        site.remove()


def run(site: Site, options: argparse.Namespace) -> int:
    """Spoil one thing after another, then look at what is left, and say what was found."""
    from .checks import await_tasks, faults_of
    from .faults import FAULTS

    wanted = options.faults.split(",") if options.faults else list(FAULTS)
    if unknown := set(wanted) - FAULTS.keys():
        sys.exit(f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}")
    possible = {name: FAULTS[name] for name in wanted if FAULTS[name].can(site)}
    recoveries: defaultdict[str, list[float]] = defaultdict(list)
    site.start()
    end = time.monotonic() + options.seconds
    first = random.sample(list(possible), len(possible))  # each once, then by weight
    while (left := end - time.monotonic()) > 0:
        time.sleep(random.uniform(0.2, 1.5))
        fitting = [name for name in possible if possible[name].seconds < left] or list(possible)[:1]
        name = next((name for name in first if name in fitting), None)
        if name:
            first.remove(name)
        else:
            name = random.choices(fitting, [possible[name].weight for name in fitting])[0]
        possible[name].spoil(site)
        recoveries[name].append(site.wait())
    site.stop_people()
    last = site.wait()
    finished = await_tasks()
    site.web.stop()
    site.worker.stop()
    faults = list(faults_of(site.writers, site.jobs))

    print(
        f"{options.database}, {options.server}: {options.seconds:.0f} s, {WRITERS} writers on {ARTICLES} articles"
    )
    for name, fault in FAULTS.items():
        if name not in possible:
            print(f"{fault.words:45} not tried")
        elif times := recoveries[name]:
            ready = f"ready again: median {median(times):.2f} s, longest {max(times):.2f} s"
            print(f"{fault.words:45} {len(times):4} times, {ready}")
    refused = sum((writer.refused for writer in site.writers), Counter())
    print(
        f"saves: {sum(len(w.acknowledged) for w in site.writers):,} acknowledged, "
        f"{sum(w.outdated for w in site.writers):,} told of a newer version, "
        f"{sum(len(w.cut_off) for w in site.writers) - sum(refused.values()):,} cut off, "
        + "refused with their text: "
        + (", ".join(f"{number:,} with {status}" for status, number in sorted(refused.items())) or "none")
    )
    print("readers: " + ", ".join(f"{n:,} × {what}" for what, n in sorted(site.reader.answers.items())))
    mails = Counter(site.mailbox.ids)
    print(
        f"tasks: {len(site.jobs)} pieces of work, ended {finished:.1f} s later; {len(mails):,} mails,"
        f" {sum(mails.values()) - len(mails)} of them twice"
    )
    print(f"at the end: ready in {last:.2f} s")
    for fault in faults:
        print("LOST:", fault)
    print(
        f"{len(faults)} faults"
        if faults
        else "every acknowledged save is there, whole and chained, and every task was done once"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
