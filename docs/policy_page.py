"""The page about policies, in both languages: every key from the table by which the reader checks it, and the two that ship."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refloat.knowledge.policies_read import shipped
from refloat.knowledge.tables import table

_KINDS = {
    "flag": ("true or false", "true 或 false"), "count": ("days, hours or actions", "天数、小时数或操作数"), "percent": ("percent", "百分比"), "amounts": ("amounts by currency", "按货币填写的金额"),
    "names": ("names", "名称"), "choice": ("a choice", "选项"), "people": ("names of people", "人员姓名"), "time": ("a time", "时间"), "zone": ("a time zone", "时区"),
    "date": ("a day", "日期"), "text": ("a text", "文字"),
}  # fmt: skip

_EN = """# Policy: what may happen by itself

[简体中文](policy.zh.md)

On a fresh install nothing runs by itself: everything is proposed, and a person approves it. A *policy* is your own rules
for what may. It is a TOML file; what is wrong in it is refused by its key, and each version stays on record with who
entered it and when.

```sh
refloat policy show recommended          # the one that we would begin with
refloat policy recommend harbour         # let it hold
refloat policy show harbour > mine.toml  # or change it,
refloat policy check mine.toml           # look through it,
refloat policy set harbour mine.toml     # and let that hold
refloat policy notes harbour notes.toml  # holds, prices, return addresses, Amazon's settings
refloat policy history harbour
refloat policy proposal harbour          # what waits for a person, and why
```

What runs without being called knows only the notes that were entered here; `refloat plan` uses them too where it is
given no file.

## What holds whatever the policy says

* What cannot be undone never runs by a rule. A disposal, a liquidation and a deletion always need a person, each time.
* A return may run under a *standing consent*: a person's word in advance, for exactly the removal rule and the return
  addresses that hold when it is given, up to a number of units and a fee, until a day. Any change of `[removal]` ends it;
  a change of a marketplace's return address in the notes ends it for that marketplace.
* A hold, an opt-out and a start date in the future win over every rule.
* So does a person's no: a rejected action is left alone, by standing consents too, until its values are others: another price,
  another way for the units to leave. One unit more or less is no other value.
* A rule opens an offer only at a price that reports vouch for.
* What was not done for you is one standing proposal. It stays the same plan as long as it says the same.

```sh
refloat policy consent give harbour --units 200 --fee 400 --currency USD --until 2027-03-31 --by "A. Name"
refloat policy consent list harbour
refloat policy consent revoke harbour 1
```

## Removal deadlines

Silence never meets a deadline. {steps} days before Amazon removes units the deadline climbs, until a named person takes
that step; the next step climbs again. From `removal.days_before_due` on a return is proposed, or made under a standing
consent, unless somebody has taken the step. It takes the place of a cure that nobody has approved; a cure that a rule
carries out before the day comes first. While a task of yours for the same stranding is open (an appeal, a case with support),
a return under a standing consent waits for the day on which to ask again, but not past `removal.days_before_due`.

```sh
refloat policy deadlines harbour
refloat policy deadlines harbour --take SKU --by "A. Name" --note "case 123"
```

## What Amazon does by itself

`refloat policy audit harbour` reckons with Amazon's settings as you entered them in `[settings]` of the notes: on which
day how many units will be relisted, changed to FBA or removed, what they are worth, what the removal costs, and which
remedy would spare them. A setting that you did not enter, or more than {old} days ago, is named.

## Every key

"""

_ZH = """# 规则：哪些操作可以自动执行

[English](policy.md)

新安装时不会自动执行任何操作：一切只提出建议，由人批准。*规则*（policy）是您自己规定哪些可以自动执行的 TOML 文件；其中任何错误都会按键名指出并拒绝，每个版本连同填写人和时间都会保留。

```sh
refloat policy show recommended          # 我们建议的起点
refloat policy recommend harbour         # 采用它
refloat policy show harbour > mine.toml  # 或加以修改，
refloat policy check mine.toml           # 检查，
refloat policy set harbour mine.toml     # 再让它生效
refloat policy notes harbour notes.toml  # 保留、价格、退货地址、亚马逊的设置
refloat policy history harbour
refloat policy proposal harbour          # 等待人批准的内容及原因
```

无人调用时执行的操作只依据在此填写的备注；`refloat plan` 未指定文件时也使用这些备注。

## 无论规则怎么写都成立的

* 无法撤销的操作绝不由规则执行。弃置、批量清货和删除每次都须由人批准。
* 退货可以依据*长期同意*执行：由某人预先给出，只适用于给出时的移除规则和退货地址，有数量和费用上限，有最后日期。`[removal]` 的任何更改都会使其失效；备注中某站点退货地址的更改会使其对该站点失效。
* 保留、不作处理的规则和将来的开始日期优先于一切规则。
* 人的拒绝也一样：被拒绝的操作不作处理，长期同意也不会执行，直到其数值改变：另一价格，或商品以另一种方式离开。多一件或少一件不算改变。
* 规则只会以报告可以核对的价格开放报价。
* 未自动执行的操作汇成一份持续的建议；只要内容不变，就始终是同一份计划。

```sh
refloat policy consent give harbour --units 200 --fee 400 --currency USD --until 2027-03-31 --by "A. Name"
refloat policy consent list harbour
refloat policy consent revoke harbour 1
```

## 移除截止日期

截止日期绝不会在沉默中过去。亚马逊移除库存前 {steps} 天，提醒逐级升级，直到有人具名接手；下一级仍会再次提醒。
从 `removal.days_before_due` 起建议退货，或依据长期同意执行退货，除非已有人接手。
它会取代尚无人批准的其他补救办法；能在此日之前由规则执行的补救办法优先。
同一库存有未结的人工任务（申诉、支持案例）时，依据长期同意的退货会等到该任务的跟进日期，但不会晚于 `removal.days_before_due`。

```sh
refloat policy deadlines harbour
refloat policy deadlines harbour --take SKU --by "A. Name" --note "case 123"
```

## 亚马逊会自动做什么

`refloat policy audit harbour` 按您在备注 `[settings]` 中填写的亚马逊设置计算：哪一天有多少件会被重新发布、
转换为亚马逊配送或移除，价值多少，移除费多少，以及哪种补救办法可以避免。
未填写或填写已超过 {old} 天的设置会被指出。

## 所有键

"""


def policy_page(language: str) -> str:
    """The page, made anew."""
    english = language == "en"
    rows = table("policies/deadlines")
    head = (_EN if english else _ZH).format(steps=(", " if english else "、").join(str(step) for step in rows["steps"]), old=rows["settings_old_days"])
    parts = [_section(name, part, english=english) for name, part in table("policies/keys").items()]
    shown = ("## The policies that ship", "### fresh", "### recommended") if english else ("## 随附的规则", "### fresh", "### recommended")
    told = f"{shown[0]}\n\n{shown[1]}\n\n```toml\n{shipped('fresh')}```\n\n{shown[2]}\n\n```toml\n{shipped('recommended')}```"
    made = "*Made by `script/docs` from the keys and the policies that ship; do not edit it here.*" if english else "*由 `script/docs` 根据键表和随附的规则生成；请勿在此编辑。*"
    return head + "\n\n".join((*parts, told, made)) + "\n"


def _section(name: str, part: Mapping[str, Any], *, english: bool) -> str:
    short = "en" if english else "zh"
    title = f"### `[[{name}]]`" if part.get("rows") else f"### `[{name}]`"
    heads = ("Key", "Value", "If left out", "Meaning") if english else ("键", "值", "不填时", "含义")
    rows = [heads, ("---",) * 4, *((f"`{key}`", _value(row, english=english), _default(row), row[short]) for key, row in part["keys"].items())]
    return f"{title}\n\n{part[short]}\n\n" + "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def _value(row: Mapping[str, Any], *, english: bool) -> str:
    if row["kind"] == "choice":
        return ", ".join(f"`{one}`" for one in row["of"])
    kind = _KINDS[row["kind"]][0 if english else 1]
    return f"{kind}, {row['least']}–{row['most']}" if "least" in row else kind


def _default(row: Mapping[str, Any]) -> str:
    value = row.get("default")
    if value is None or value in ([], {}):
        return "—"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
