"""What a signature stands under: a text of JSON, and the digest of just that text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from lms.reports.standing_out.findings import StandsOut
from lms.returns.choices import Punctuality, ReturnState
from lms.returns.figures import DEFINITIONS, Numbers
from lms.returns.models import Return, Snapshot
from lms.returns.unusual import SHOWN_MOST
from lms.units.models import Unit


@dataclass(frozen=True)
class Words:
    """What the signer has written."""

    explanation: str  # of what stands out; blank where nothing does
    remarks: str
    signed_name: str


def write_content(
    one: Return,
    *,
    below: Sequence[Return],
    numbers: Numbers,
    found: Sequence[StandsOut],
    words: Words,
    today: date,
) -> str:
    """`below`: the returns right below, with units and snapshots. Always the same text of the same
    figures. One query, or two where units closed within the month."""
    above = Return.objects.filter(
        month=one.month, unit__in=[int(key) for key in one.trail.split("/") if key]
    )
    names = above.exclude(pk=one.pk).order_by("trail").values_list("unit__code", "unit_name")
    content = {
        "definitions": DEFINITIONS,
        "month": one.period.slug,
        "unit": {"code": one.unit.code, "name": one.unit_name, "level": one.level},
        "tree": {
            "as_of": one.period.ends_on.isoformat(),
            "above": [{"code": code, "name": name} for code, name in names],
            "also": [
                {"code": unit.code, "name": unit.name}
                for unit in (Unit.objects.filter(pk__in=one.also) if one.also else ())
            ],
            "below": [_line_of(each, today) for each in below],
        },
        "figures": numbers.as_dict(),
        "returns": punctuality_of(below, today),
        "standing_out": [
            {"kind": each.kind, "sentence": str(each.sentence), "own": each.unit_id == one.unit_id}
            for each in found[:SHOWN_MOST]
        ],
        "standing_out_count": len(found),
        "weight": max((each.weight for each in found), default=0),
        "explanation": words.explanation,
        "remarks": words.remarks,
        "signed_name": words.signed_name,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _line_of(each: Return, today: date) -> dict[str, Any]:
    """Of a return right below: what is added up is told by its digest."""
    is_told = each.is_counted and each.snapshot is not None
    return {
        "code": each.unit.code,
        "name": each.unit_name,
        "state": ReturnState.APPROVED if is_told else each.state,
        "punctuality": each.punctuality(today),
        "reason": each.note if each.state == ReturnState.MISSING else "",
        "digest": each.snapshot.digest if is_told and each.snapshot else "",
        "figures": each.snapshot.told["figures"] if is_told and each.snapshot else None,
    }


def punctuality_of(below: Sequence[Return], today: date) -> dict[str, int]:
    """Of the returns right below, how many are expected, and how many kept their day."""
    kept = [each.punctuality(today) for each in below]
    return {"expected": len(kept), **{str(each): kept.count(each) for each in Punctuality}}


def digest_of(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def is_whole(snapshot: Snapshot) -> bool:
    """Whether the text is still the one that was signed."""
    return digest_of(snapshot.content) == snapshot.digest
