"""How long a hundred documents of a made-up case take, each kind as often as the next.

    python -m tests.benchmarks.hundred_documents

The first of each kind reads its template, which is told apart as the start. Nothing is asserted: machines differ.
"""

from __future__ import annotations

import itertools
import time

from scripts.adapters.word.documents.making import Maker, Order
from tests.builders import MONDAY, rules
from tracker_schema.documents.documents import documents
from tracker_schema.documents.sample_incidents import full_incident, sample_cases
from tracker_schema.documents.shown import Council

HOW_MANY = 100


def main() -> None:
    """Prints the two times."""
    incident, maker = full_incident(MONDAY), Maker(rules(), Council())
    cases = sample_cases(MONDAY)[0]
    orders = [
        Order(each, None, MONDAY, cases=cases)
        if each.all_cases
        else Order(each, incident, MONDAY, incident.scoping[0] if each.per_agency else None)
        for each in documents().values()
    ]
    begun = time.perf_counter()
    for order in orders:
        maker.make(order)
    started = time.perf_counter()
    size = sum(len(maker.make(order)) for order in itertools.islice(itertools.cycle(orders), HOW_MANY))
    done = time.perf_counter()
    print(f"start, {len(orders)} templates: {started - begun:.2f} s")
    print(f"{HOW_MANY} documents, {size / HOW_MANY / 1000:.0f} kB each: {done - started:.2f} s")


if __name__ == "__main__":
    main()
