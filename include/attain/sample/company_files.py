"""The hand-kept files of the sample company: company.yml, its plans, and worked examples of those plans."""

from __future__ import annotations

from pathlib import Path
from string import Template

from attain.sample.scale import Scale

COMPANY_NAME = "恒岳装备 Hengyue Equipment"

_TEMPLATES = Path(__file__).parent / "templates"
# Rates of account executives below quota, above it and above 120 %; the accelerator was made steeper once.
_FIRST_RATES, _PRESENT_RATES = ("0.008", "0.010", "0.013"), ("0.008", "0.012", "0.016")


def write_company_files(folder: Path, scale: Scale) -> None:
    """Write company.yml, plans/ and examples/ below `folder`.

    Plans begin with the window's first year; account executives have a second version from its last year on.
    """
    year, first_year = scale.until.year, scale.first_day.year
    words = {
        "company_name": COMPANY_NAME,
        "first_period": scale.first_period,
        "first_year": str(first_year),
        "year": str(year),
        "last_year": str(year - 1),
    }
    for template in sorted(_TEMPLATES.rglob("*.yml")):
        name = template.relative_to(_TEMPLATES)
        text = template.read_text(encoding="utf-8")
        if name.stem == "ae":
            versions = (
                {year: _PRESENT_RATES}
                if first_year == year
                else {
                    first_year: _FIRST_RATES,
                    year: _PRESENT_RATES,
                }
            )
            for since, rates in versions.items():
                rate_words = {f"rate_{place}": rate for place, rate in enumerate(rates, start=1)}
                _write(folder / name.with_stem(f"ae-{since}"), text, words | rate_words | {"version": str(since)})
        else:
            _write(folder / name, text, words)


def _write(path: Path, text: str, words: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Template(text).substitute(words), encoding="utf-8", newline="\n")
