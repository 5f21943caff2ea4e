"""What the index says in words, Chinese first: why a fact counts or not, and what would alter a tier."""

from __future__ import annotations

Pair = tuple[str, str]

REASONS: dict[str, Pair] = {
    "counts": ("计入", "counts"),
    "no_intake": ("没有依法收录的事由，不评", "no lawful intake, so nothing is scored"),
    "of_age": ("已满十八周岁，不评", "of age, so nothing is scored"),
    "expired": ("已过有效期", "its period has ended"),
    "unverified": ("尚未核实", "not verified yet"),
    "unverified_too_long": ("紧急事实登记后逾期未核实", "urgent, but left unverified too long"),
    "contested": ("有异议，暂停计入", "contested, so suspended"),
    "rejected": ("经核查不成立", "found not to be so"),
    "superseded": ("已被更正替代", "replaced by a correction"),
    "not_documented": ("没有书面凭据", "not documented"),
    "role": ("不是主动实施者（在场、被胁迫、被害、证人等）", "not the one who acted of own will"),
    "agency": ("核实机关与此类行为所要求的不符", "not verified by the agency that this act asks for"),
    "four_eyes": (
        "报告人与核实人不能是同一人，且都须具名",
        "reporter and verifier must be two named persons",
    ),
    "no_decision": ("没有决定文书号", "no decision number"),
    "too_young": ("行为时未满规定年龄", "below the age floor on the day of the act"),
    "other_incident": ("同一事件已计一次", "the same incident counts through another fact"),
    "other_type": ("同类需求已计一次", "the same kind of need counts through another fact"),
}

CAP: Pair = ("该领域超过上限，扣回 {points} 分", "over the cap of the domain: {points} points taken off")
SUM: Pair = (
    "行为 B{tier}{grade}（{behaviour} 分）；需求 N{level}（{need} 分{urgent}）",
    "behaviour B{tier}{grade} ({behaviour} points); need N{level} ({need} points{urgent})",
)
URGENT: Pair = ("，紧急", ", urgent")

CHANGES: dict[str, Pair] = {
    "without": ("如果 {facts} 不成立：B{tier}、N{level}", "without {facts}: B{tier}, N{level}"),
    "verified": ("如果 {facts} 经核实：B{tier}、N{level}", "with {facts} verified: B{tier}, N{level}"),
    "time": ("如无新事实，到 {day}：B{tier}、N{level}", "with nothing new, on {day}: B{tier}, N{level}"),
}


def fill(pair: Pair, **values: object) -> Pair:
    """Both sentences with their ``{names}`` replaced."""
    return pair[0].format(**values), pair[1].format(**values)
