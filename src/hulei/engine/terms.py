"""The closed lists of the index. Their values are what files and tables hold."""

from __future__ import annotations

from enum import StrEnum


class Axis(StrEnum):
    """What a fact is about: a proven act, or something that adults owe."""

    BEHAVIOUR = "behaviour"
    NEED = "need"


class Domain(StrEnum):
    """Where a need lies; each domain has a cap."""

    GUARDIANSHIP = "guardianship"
    SCHOOLING = "schooling"
    ECONOMY = "economy"
    HEALTH = "health"
    HARM = "harm"
    ONLINE = "online"


class Role(StrEnum):
    """What the child was in an incident; only the first two did something of their own will."""

    PRINCIPAL = "principal"
    PARTICIPANT = "participant"
    COERCED = "coerced"
    PRESENT = "present"
    VICTIM = "victim"
    WITNESS = "witness"
    SUBJECT = "subject"


class Confidence(StrEnum):
    """What a fact rests on."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ALLEGED = "alleged"


class Status(StrEnum):
    """Where a fact stands; a sealed one leaves no trace in any answer."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    CONTESTED = "contested"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    SEALED = "sealed"


class Verifier(StrEnum):
    """Who has to have verified an act; needs may be verified by any agency."""

    EDUCATION = "education"
    POLICE = "police"
    JUSTICE = "justice"


class Mark(StrEnum):
    """What a parameter rests on."""

    LAW = "law"
    EXPERT = "expert"
    GUESS = "guess"


ACTORS = frozenset({Role.PRINCIPAL, Role.PARTICIPANT})
COLOURS = ("green", "yellow", "orange", "red")
"""By level of need: how soon adults have to act. Behaviour has no colour."""
