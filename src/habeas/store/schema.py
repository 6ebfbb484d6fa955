"""The tables, as numbered steps that only go forward.

A step that was shipped is never edited; a change is a new step. Every table is keyed by organisation, so
that it can be partitioned or distributed by it. What is in clear here is what a thief reads: the skeleton of
cases (numbers, times, who of the house, what kind of thing happened) and the queue. There is no column for
the person, the authority's name, the conduct or the charge, and none may be added.

event    what happened, sealed; `digest` keeps the chain checkable when the contents are gone
head     the end of each case's chain; whoever writes to a case takes its row first
queue    the read model of the desk's list (desk.queue.Row)
token    keyed tokens of identifiers, the only search
job      what the clock has to do
passed   cases whose turn passed to somebody who was not told yet: where and when, never to whom
outbox   what waits for the public log: leaves in random order, never whose
leaf     the public log's leaves in their places
segment  what is counted of many leaves from a place on, sealed: as columns (`values`), and its `salts`
loose    what is counted of leaves from before there were segments, until the records are opened next
opening  what opens the entries of a case, sealed with its key
published, checkpoint   which days have their places, with the log's size after each and the multiple it
         was filled up to; the newest signed tree
spoken   up to when the log's ledgers speak: what is recorded later comes after it, whatever the clock says
blob     sealed files of a case, by keyed name
apart    cases that are still to begin, for which files came already, and since when
erased   cases whose keys were destroyed
lease    who works alone, until when, with a fence that only grows
"""

from __future__ import annotations

from collections.abc import Sequence

from habeas.errors import Refused
from habeas.store.database import Database

NEVER = 2**63 - 1  # `queue.due` of a case on which no clock runs: it sorts behind all others

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE head (
            organisation {text} NOT NULL, stream {text} NOT NULL, version INTEGER NOT NULL,
            chain {bytes} NOT NULL, opened BIGINT NOT NULL, year INTEGER NOT NULL,
            PRIMARY KEY (organisation, stream))""",
        "CREATE INDEX head_year ON head (organisation, year)",
        """CREATE TABLE event (
            organisation {text} NOT NULL, stream {text} NOT NULL, number INTEGER NOT NULL,
            at BIGINT NOT NULL, by {text} NOT NULL, kind {text} NOT NULL,
            sealed {bytes}, digest {bytes} NOT NULL, chain {bytes} NOT NULL,
            PRIMARY KEY (organisation, stream, number))""",
        """CREATE TABLE queue (
            organisation {text} NOT NULL, stream {text} NOT NULL, stage {text} NOT NULL, turn {text} NOT NULL,
            next {text} NOT NULL, assigned {text} NOT NULL, state {text} NOT NULL, instrument {text} NOT NULL,
            measure {text} NOT NULL, emergency INTEGER NOT NULL, domestic INTEGER NOT NULL,
            received BIGINT NOT NULL, due BIGINT NOT NULL, due_what {text} NOT NULL, held INTEGER NOT NULL,
            closed INTEGER NOT NULL, version INTEGER NOT NULL,
            PRIMARY KEY (organisation, stream))""",
        "CREATE INDEX queue_due ON queue (organisation, closed, due, stream)",
        "CREATE INDEX queue_assigned ON queue (organisation, closed, assigned, due, stream)",
        "CREATE INDEX queue_state ON queue (organisation, closed, state, due, stream)",
        "CREATE INDEX queue_turn ON queue (organisation, closed, turn, due, stream)",
        """CREATE TABLE token (
            organisation {text} NOT NULL, year INTEGER NOT NULL, token {bytes} NOT NULL,
            stream {text} NOT NULL,
            PRIMARY KEY (organisation, year, token, stream))""",
        "CREATE INDEX token_stream ON token (organisation, stream)",
        """CREATE TABLE job (
            organisation {text} NOT NULL, stream {text} NOT NULL, id {text} NOT NULL,
            due BIGINT NOT NULL, what {text} NOT NULL,
            PRIMARY KEY (organisation, stream, id))""",
        "CREATE INDEX job_due ON job (due, organisation, stream, id)",
        "CREATE INDEX job_organisation_due ON job (organisation, due, stream, id)",
        """CREATE TABLE outbox (
            seq {serial}, organisation {text} NOT NULL, stream {text} NOT NULL, number INTEGER NOT NULL,
            kind {text} NOT NULL)""",
        "CREATE INDEX outbox_organisation ON outbox (organisation, seq)",
        """CREATE TABLE blob (
            organisation {text} NOT NULL, stream {text} NOT NULL, name {text} NOT NULL, size BIGINT NOT NULL,
            PRIMARY KEY (organisation, stream, name))""",
        """CREATE TABLE erased (
            organisation {text} NOT NULL, stream {text} NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY (organisation, stream))""",
        """CREATE TABLE lease (
            name {text} NOT NULL PRIMARY KEY, holder {text} NOT NULL, until BIGINT NOT NULL,
            fence BIGINT NOT NULL)""",
    ),
    (
        # SQLite takes an index that has every column wanted before one that fits better: without `token` in
        # it, every append went through all tokens of the organisation.
        "DROP INDEX token_stream",
        "CREATE INDEX token_stream ON token (organisation, stream, token)",
        # A page of what is rare costs the same as any other.
        "CREATE INDEX queue_measure ON queue (organisation, closed, measure, due, stream)",
        "CREATE INDEX queue_instrument ON queue (organisation, closed, instrument, due, stream)",
        "CREATE INDEX queue_emergency ON queue (organisation, closed, emergency, due, stream)",
        "CREATE INDEX queue_domestic ON queue (organisation, closed, domestic, due, stream)",
    ),
    (
        "DROP TABLE outbox",
        """CREATE TABLE outbox (
            organisation {text} NOT NULL, turn {bytes} NOT NULL, leaf {bytes} NOT NULL,
            counted {bytes} NOT NULL, taken INTEGER NOT NULL,
            PRIMARY KEY (organisation, turn)){unordered}""",
        """CREATE TABLE leaf (
            organisation {text} NOT NULL, place BIGINT NOT NULL, leaf {bytes} NOT NULL,
            counted {bytes} NOT NULL,
            PRIMARY KEY (organisation, place))""",
        # The last of its three commitments: a promise names it, and no two leaves share it.
        "CREATE UNIQUE INDEX leaf_paper ON leaf (organisation, (substr(leaf, 81)))",
        """CREATE TABLE opening (
            organisation {text} NOT NULL, stream {text} NOT NULL, number INTEGER NOT NULL,
            name {bytes} NOT NULL, sealed {bytes} NOT NULL,
            PRIMARY KEY (organisation, stream, number, name)){unordered}""",
        """CREATE TABLE published (
            organisation {text} NOT NULL, day {text} NOT NULL, PRIMARY KEY (organisation, day))""",
        """CREATE TABLE checkpoint (
            organisation {text} NOT NULL PRIMARY KEY, note {bytes} NOT NULL)""",
    ),
    (
        """CREATE TABLE passed (
            organisation {text} NOT NULL, stream {text} NOT NULL, version INTEGER NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (organisation, stream))""",
        "CREATE INDEX passed_at ON passed (at, organisation, stream)",
    ),
    (
        """CREATE TABLE spoken (
            organisation {text} NOT NULL PRIMARY KEY, until BIGINT NOT NULL)""",
        # Of an event whose clock stood before that: up to when the log had spoken when it was recorded.
        "ALTER TABLE event ADD COLUMN spoken BIGINT",
    ),
    (
        # A report of ten million leaves cannot open each of them by itself.
        """CREATE TABLE segment (
            organisation {text} NOT NULL, part {text} NOT NULL, start BIGINT NOT NULL,
            leaves INTEGER NOT NULL, sealed {bytes} NOT NULL,
            PRIMARY KEY (organisation, part, start))""",
        """CREATE TABLE loose (
            organisation {text} NOT NULL, place BIGINT NOT NULL, counted {bytes} NOT NULL,
            PRIMARY KEY (organisation, place))""",
        "INSERT INTO loose (organisation, place, counted) SELECT organisation, place, counted FROM leaf",
        "ALTER TABLE leaf DROP COLUMN counted",
    ),
    (
        # Filters together; see `habeas.store.listing`. They serve the four that go as well.
        *(f"DROP INDEX queue_{column}" for column in ("measure", "instrument", "emergency", "domestic")),
        *(
            f"CREATE INDEX queue_{name} ON queue (organisation, closed, {begun}emergency, domestic, turn, "
            "measure, instrument, due, stream)"
            for name, begun in (
                ("kind", ""),
                ("assigned_kind", "assigned, "),
                ("state_kind", "state, "),
                ("assigned_state_kind", "assigned, state, "),
            )
        ),
        # Few are either, so these cost next to nothing. Their condition is one that nothing else implies, or
        # PostgreSQL takes them for lanes as well, and reads all that is in them.
        *(
            f"CREATE INDEX queue_{column} ON queue (organisation, closed, due, stream) WHERE {column} + 0 = 1"
            for column in ("emergency", "domestic")
        ),
    ),
    (
        # How many leaves the log had after that day's; nobody knows it of days before this was asked.
        "ALTER TABLE published ADD COLUMN size BIGINT",
    ),
    (
        # A letter is kept before somebody has typed what it asks.
        """CREATE TABLE apart (
            organisation {text} NOT NULL, stream {text} NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY (organisation, stream))""",
    ),
    (
        # A house says itself to a multiple of how many leaves a day is filled up; until then it was sixteen.
        "ALTER TABLE published ADD COLUMN multiple INTEGER NOT NULL DEFAULT 16",
    ),
    (
        # A file that came for a case and that no event names yet.
        """CREATE TABLE unnamed (
            organisation {text} NOT NULL, stream {text} NOT NULL, name {text} NOT NULL, at BIGINT NOT NULL,
            PRIMARY KEY (organisation, stream, name)){unordered}""",
        "CREATE INDEX unnamed_at ON unnamed (at, organisation, stream)",
        # What waits for a second person is found by that, whoever may be one.
        """UPDATE queue SET turn = 'second' WHERE turn IN ('reviewer', 'counsel') AND next IN
            ('second-review', 'agree-questions', 'agree-delay', 'agree-lift', 'approve-release')""",
    ),
    (
        # Commitments are random: among all of a large log each new one changed a page of its own. Behind
        # their block they change a few hundred pages a day, however large the log is.
        "DROP INDEX leaf_paper",
        "CREATE UNIQUE INDEX leaf_paper ON leaf (organisation, (place / 65536), (substr(leaf, 81)))",
    ),
)


def migrate(database: Database, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Brings the tables to the newest step. Refused where a newer program made them."""
    with database.transaction() as run:
        database.alone(run, "changes the tables")
        run("CREATE TABLE IF NOT EXISTS schema_step (step INTEGER NOT NULL PRIMARY KEY)")
        [(newest,)] = run("SELECT coalesce(max(step), 0) FROM schema_step")
        if newest > len(steps):
            raise Refused(
                f"the database is at step {newest} and this program knows {len(steps)}",
                hint="start the newer program; tables never go back",
            )
        for number, step in enumerate(steps, start=1):
            if number > newest:
                for statement in step:
                    run(statement.format(**database.types))
                run("INSERT INTO schema_step (step) VALUES (?)", number)
