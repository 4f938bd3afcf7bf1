"""The company folder: its settings, its calendar, and where its parts lie. Nothing is ever written into it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from attain import yamlfile
from attain.errors import InputError
from attain.finance.settings import FinanceSettings
from attain.target_spread import TargetSettings
from attain.yamlfile import Number, Whole

# Minor units that differ from two (ISO 4217, list one).
_MINOR_UNITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
# Currencies in use (ISO 4217); anything else in a file is a mistake worth naming.
CURRENCIES = tuple(
    sorted(
        set(
            "AED ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP "
            "CRC CUP CVE CZK DKK DOP DZD EGP ETB EUR FJD GBP GEL GHS GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD "
            "KES KGS KHR KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO "
            "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SCR SDG SEK SGD SLE SOS SRD SSP SYP SZL THB TJS "
            "TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW".split()
        )
        | set(_MINOR_UNITS)
    )
)

Kind = Literal["month", "quarter", "year", "to_date"]


def minor_units(currency: str) -> int:
    """How many decimal places money of `currency` is paid in."""
    return _MINOR_UNITS.get(currency, 2)


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or fiscal year: its key (`2026-01`, `2026-Q1`, `2026`) and its first and last day.

    The kind `to_date` is the part of a quarter or year up to one of its months (`2026-Q1..2026-02`).
    """

    starts_on: dt.date
    ends_on: dt.date
    kind: Kind
    key: str

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


def _add_months(day: dt.date, count: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Calendar:
    """Months, quarters and years of a fiscal calendar; a fiscal year is named after the year it ends in."""

    fiscal_year_start: int = 1

    def month(self, key: str) -> Period:
        """The month `2026-01`. Raises InputError when the key is not one."""
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", key):
            raise InputError(f"{key!r} is not a month; write it like 2026-01.")
        return self._period("month", key, dt.date(int(key[:4]), int(key[5:]), 1), 1)

    def month_of(self, day: dt.date) -> Period:
        return self.month(f"{day.year:04d}-{day.month:02d}")

    def parse(self, key: str) -> Period:
        """A month, quarter or year by its key. Raises InputError naming the three forms."""
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", key):
            start = _add_months(self._year_start(int(match[1])), 3 * (int(match[2]) - 1))
            return self._period("quarter", key, start, 3)
        if re.fullmatch(r"\d{4}", key):
            return self._period("year", key, self._year_start(int(key)), 12)
        if re.fullmatch(r"\d{4}-\d{2}", key):
            return self.month(key)
        raise InputError(f"{key!r} is not a period; write a month 2026-01, a quarter 2026-Q1 or a year 2026.")

    def year_of(self, day: dt.date) -> Period:
        year = day.year if self.fiscal_year_start == 1 or day.month < self.fiscal_year_start else day.year + 1
        return self.parse(f"{year:04d}")

    def quarter_of(self, day: dt.date) -> Period:
        year = self.year_of(day)
        months = (day.year - year.starts_on.year) * 12 + day.month - year.starts_on.month
        return self.parse(f"{year.key}-Q{months // 3 + 1}")

    def next_month(self, key: str, step: int = 1) -> str:
        """The key of the month `step` months after `key` (before, when negative)."""
        day = _add_months(self.month(key).starts_on, step)
        return f"{day.year:04d}-{day.month:02d}"

    def months(self, first: str, last: str) -> list[Period]:
        """All months from `first` to `last`, both included."""
        result, key = [], first
        while key <= last:
            result.append(self.month(key))
            key = self.next_month(key)
        return result

    def _year_start(self, year: int) -> dt.date:
        return dt.date(year if self.fiscal_year_start == 1 else year - 1, self.fiscal_year_start, 1)

    def _period(self, kind: Kind, key: str, start: dt.date, months: int) -> Period:
        return Period(start, _add_months(start, months) - dt.timedelta(days=1), kind, key)


class _Settings(BaseModel):
    """company.yml as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    currency: str
    first_period: str
    time_zone: str = "UTC"
    fiscal_year_start: Annotated[Whole, Field(ge=1, le=12)] = 1
    locale: Literal["en", "zh-CN"] = "en"
    rounding: Literal["half_up", "half_even"] = "half_up"
    retro_window: Annotated[Whole, Field(ge=0)] = 24
    kpis: list[str] = Field(default_factory=list)
    keep_sets: Annotated[Whole, Field(ge=1)] = 5
    targets: TargetSettings = Field(default_factory=TargetSettings)
    quality: dict[str, dict[str, Number]] = Field(default_factory=dict)
    sources: dict[str, Any] = Field(default_factory=dict)
    publish: dict[str, Any] = Field(default_factory=dict)
    finance: FinanceSettings = Field(default_factory=FinanceSettings)

    @field_validator("currency")
    @classmethod
    def _is_currency(cls, value: str) -> str:
        if value not in CURRENCIES:
            raise ValueError(f"{value!r} is not an ISO 4217 currency code such as CNY or USD")
        return value

    @field_validator("first_period")
    @classmethod
    def _is_month(cls, value: str) -> str:
        try:
            Calendar().month(value)
        except InputError as error:
            raise ValueError(str(error)) from error
        return value

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is not a time zone such as Asia/Shanghai") from error
        return value


@dataclass(frozen=True)
class Company:
    """A company: its folder and its settings."""

    folder: Path
    settings: _Settings

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def currency(self) -> str:
        return self.settings.currency

    @property
    def first_period(self) -> str:
        return self.settings.first_period

    @property
    def time_zone(self) -> str:
        return self.settings.time_zone

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The business day an instant falls on, in the company's time zone."""
        return instant.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def fiscal_year_start(self) -> int:
        return self.settings.fiscal_year_start

    @property
    def locale(self) -> str:
        return self.settings.locale

    @property
    def rounding(self) -> str:
        return self.settings.rounding

    @property
    def retro_window_months(self) -> int:
        return self.settings.retro_window

    @property
    def kpis(self) -> list[str]:
        return self.settings.kpis

    @property
    def keep_sets(self) -> int:
        return self.settings.keep_sets

    @property
    def quality(self) -> dict[str, dict[str, Any]]:
        """Limits of the gates by check and by stream, table or stream.column."""
        return self.settings.quality

    @property
    def target_weights(self) -> list[int]:
        """What each month of the fiscal year weighs in a target for a longer span."""
        return self.settings.targets.weights()

    @property
    def finance(self) -> FinanceSettings:
        """Accounts, the spreading of commission cost, payroll groups and approvers."""
        return self.settings.finance

    @property
    def passed_over(self) -> list[str]:
        """Blocks of company.yml that may stand there and do nothing yet, each in a sentence."""
        limits = {"sources": "rows come from files in the inbox", "publish": "sets go to the state folder"}
        return [
            f"company.yml: {block}: is passed over for now; {limit} alone."
            for block, limit in limits.items()
            if getattr(self.settings, block)
        ]

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.settings.fiscal_year_start)

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def plans_dir(self) -> Path:
        return self.folder / "plans"

    @property
    def mappings_dir(self) -> Path:
        return self.folder / "mappings"

    @property
    def examples_dir(self) -> Path:
        return self.folder / "examples"

    def minor_units(self, currency: str | None = None) -> int:
        """Decimal places of money in `currency` (default the company's)."""
        return minor_units(currency or self.currency)


def settings_from(data: dict[str, Any], label: str = "company") -> _Settings:
    """Company settings given as a mapping (worked examples). Raises InputError naming the field."""
    return yamlfile.validated(_Settings, yamlfile.Document(label, data))


def load_company(folder: Path) -> Company:
    """The company in `folder`. Raises InputError naming file, line and field of anything wrong in company.yml."""
    path = folder / "company.yml"
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such company folder.")
    if not path.is_file():
        raise InputError(f"{path}: is missing; a company folder holds company.yml, plans/ and inbox/.")
    return Company(folder, yamlfile.validated(_Settings, yamlfile.read(path)))
