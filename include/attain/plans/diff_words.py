"""The words of `attain plan diff` in both languages. Keys of the plan grammar stay as they are written in a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ENGLISH: Final = "en"

_WORDS: Final = {
    "added": ("added", "新增"),
    "removed": ("removed", "删除"),
    "changed": ("changed", "修改"),
    "nothing": ("no difference", "没有差异"),
    "plan": ("plan {}", "方案 {}"),
    "of_file": ("({})", "（{}）"),
    "order": ("order of {}", "{} 的顺序"),
    "assigned": ("assigned to {}", "适用于 {}"),
    "component": ("component {}", "组件 {}"),
    "measure": ("measure {}", "指标 {}"),
    "gate": ("gate on {}", "{} 的门槛"),
    "grade": ("grade {}", "等级 {}"),
    "tier": ("tier from {}", "自 {} 起的阶梯"),
    "instalment": ("instalment after {} days", "{} 天后的分期"),
    "comma": (", ", "，"),
    "colon": (": ", "："),
}


def word(key: str, language: str, name: str = "") -> str:
    """The word or phrase `key` in `language` (`en`, `zh-CN`), with what it names."""
    return _WORDS[key][0 if language == ENGLISH else 1].format(name)


@dataclass(frozen=True)
class Label:
    """What a block of a list is called: a word of the language it will be told in, and its own name.

    `number` tells later blocks of one name apart from the first.
    """

    kind: str
    name: str
    number: int = 1

    def told(self, language: str) -> str:
        again = word("of_file", language, str(self.number)) if self.number > 1 else ""
        divider = " " if again and language == ENGLISH else ""
        return f"{word(self.kind, language, self.name)}{divider}{again}"
