"""Taking a file in: receive -> recognise -> confirm -> batches -> done, or rows handed back.

Guarantees, each with a test:

1. A file is stored whole and encrypted before anything is read from it.
2. A batch is one transaction: its source rows, the records they became, the counters and the
   audit entry stand or fall together. A process killed anywhere resumes at the next batch.
3. Running the same sheet again takes in nothing twice: rows accepted before count as unchanged,
   rows handed back before are tried again.
4. Rows never wait for each other: a bad one is handed back, the others go in.
5. An office is told what became of its rows by its own rows alone (see ``rules.sees_own_rows_only``).
"""

from hulei.intake.actions.deciding import (
    confirm,
    drop,
    hand_back,
    remap,
    samples,
    suggested_mapping,
    tell_preview,
)
from hulei.intake.actions.holding import district_held
from hulei.intake.actions.receiving import receive
from hulei.intake.actions.running import give_up, run

__all__ = [
    "confirm",
    "district_held",
    "drop",
    "give_up",
    "hand_back",
    "receive",
    "remap",
    "run",
    "samples",
    "suggested_mapping",
    "tell_preview",
]
