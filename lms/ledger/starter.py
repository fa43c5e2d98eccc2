"""The thirty-four measures of Guangzhou's plan, by number, in words of our own; data/guangzhou.json
names its source. What was not read in the plan is left blank, and its row says so."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "guangzhou.json"


@dataclass(frozen=True)
class StarterMeasure:
    number: int
    clause: str
    task: str
    lead: str
    figure: str
    #: What is not known of it, in words; blank: nothing is missing.
    doubt: str

    def fields(self) -> dict[str, Any]:
        return {
            "number": str(self.number),
            "clause": self.clause,
            "task": self.task,
            "lead": self.lead,
            "figure": self.figure,
            "problem": self.doubt,
        }


@dataclass(frozen=True)
class StarterPlan:
    #: The code of the city whose plan it is.
    unit: str
    title: str
    document: str
    source: str
    measures: list[StarterMeasure]


def guangzhou_plan() -> StarterPlan:
    data = json.loads(DATA.read_text())
    return StarterPlan(
        unit=data["unit"],
        title=data["title"],
        document=data["document"],
        source=data["source"],
        measures=[_measure(each, data["document"]) for each in data["measures"]],
    )


def _measure(each: dict[str, Any], document: str) -> StarterMeasure:
    number = each["number"]
    return StarterMeasure(
        number=number,
        clause=f"{document} 第{number}条",
        task=each["task"] or f"第{number}条（写的是什么没有核对到，请照文件填）",
        lead=each["lead"],
        figure=each.get("figure", ""),
        doubt=_doubt(each),
    )


def _doubt(each: dict[str, Any]) -> str:
    if each["known"] == "number":
        return "只知道有这一条。任务、牵头单位都没有核对到原文，请照文件填。"
    if not each["lead"]:
        return "任务只是大意，牵头单位没有核对到原文，请照文件填。"
    return "牵头单位是原文列在第一的，配合单位没有核对到，请照文件填。"
