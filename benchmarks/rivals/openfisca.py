"""OpenFisca: facts, findings and the strongest consequence as variables, with the requests as its persons.

It is made for populations, so it gets all requests in one simulation, first as many as the others get and
then the larger table of columns. Setting the facts of a simulation counts as deciding: it is how it is asked.
"""

from __future__ import annotations

import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy
from exchange import WARM_UP, Answer, Requests, clocked, mode, told

_DAY = "2026-11-21"


def main(folder: Path) -> None:
    start = time.perf_counter()
    sys.path.insert(0, str(folder))
    import rules_openfisca
    from openfisca_core.simulations import SimulationBuilder

    system = rules_openfisca.system()
    loaded = time.perf_counter() - start

    def simulation(columns: Any) -> Any:
        made = SimulationBuilder().build_default_simulation(system, count=columns.shape[1])
        for name, column in zip(rules_openfisca.FACTS, columns, strict=True):
            made.set_input(name, _DAY, column)
        return made

    def decide(columns: Any) -> Any:
        return simulation(columns).calculate("strongest", _DAY)

    def findings(columns: Any) -> list[list[int]]:
        made = simulation(columns)
        found: list[list[int]] = [[] for _ in range(columns.shape[1])]
        for name in rules_openfisca.FINDINGS:
            code = int(name.rpartition("_")[2])
            for row in numpy.flatnonzero(made.calculate(name, _DAY)):
                found[row].append(code)
        return found

    modes = []
    for table, name in (("requests", "openfisca, all at once"), ("columns", "openfisca, columns")):
        requests = Requests(folder, table)
        width = len(requests.names)
        columns = numpy.frombuffer(requests.data, numpy.uint8).reshape(-1, width).T.astype(numpy.int32)
        columns = numpy.ascontiguousarray(columns)
        seconds, strongest = clocked(decide, columns, columns[:, :WARM_UP])
        found = findings(columns) if table == "requests" else [None] * len(strongest)
        answers: list[Answer] = list(zip(strongest.tolist(), found, strict=True))
        modes.append(mode(folder, name, seconds, answers))
    told(version("openfisca-core"), loaded, modes)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
