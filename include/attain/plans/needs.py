"""What plans need computed: restrictions (slices) and KPIs with their variants."""

from __future__ import annotations

from attain.errors import InputError
from attain.plans.catalogue import Catalogue
from attain.plans.rules_shared import NamesKpi
from attain.plans.tables import Row

ALL = "all"
_RESERVED = str.maketrans({"%": "%25", "=": "%3D", "|": "%7C", ";": "%3B"})

Where = dict[str, tuple[str, ...]]


def slice_id(where: Where | None) -> str:
    """A readable id of a restriction: `deal_type=new|renewal;product_line=GTX`; `all` without any."""
    if not where:
        return ALL
    parts = []
    for field in sorted(where):
        values = "|".join(value.translate(_RESERVED) for value in sorted(where[field]))
        parts.append(f"{field}={values}")
    return ";".join(parts)


class Needs:
    """The slices and KPI requests met while flattening, each once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._slices: dict[str, Where] = {ALL: {}}
        self._requests: set[tuple[str, str, str]] = set()
        self.request("bookings")

    def slice(self, where: Where | None) -> str:
        """Keeps the restriction and gives its slice id."""
        key = slice_id(where)
        self._slices[key] = where or {}
        return key

    def variant(self, kpi: str, variant: str | None) -> str:
        """The variant meant: the one written, else the KPI's default, empty text when it has none."""
        return variant or self._catalogue.kpis[kpi].default_variant

    def of_kpi(self, kpi: str, of: str | None) -> str | None:
        """The KPI behind a quota_attainment (default bookings); None for every other KPI."""
        return (of or "bookings") if kpi == "quota_attainment" else None

    def request(self, kpi: str, variant: str | None = None, slice: str = ALL, of: str | None = None) -> None:
        """Asks for a KPI, and for the KPI it is built on."""
        self._requests.add((kpi, self.variant(kpi, variant), slice))
        base = self._catalogue.built_on(kpi, of)
        if base:
            self.request(base, None, slice)

    def request_ref(self, ref: NamesKpi, slice: str = ALL) -> None:
        """Asks for the KPI a block of the plan names, if it names one."""
        if ref.kpi is not None:
            self.request(ref.kpi, ref.variant, slice, ref.of)

    def request_measure(self, measure: str, slice: str = ALL) -> None:
        """Asks for the KPI behind the measure of a commission or pool."""
        kpi = self._catalogue.measured(measure)
        if kpi:
            self.request(kpi.id, None, slice)

    def request_listed(self, kpi: str) -> None:
        """Asks for a KPI listed in company.yml. Raises InputError when it is not computed."""
        known = self._catalogue.get(kpi)
        if known is None:
            raise InputError(f"company.yml: kpis: {self._catalogue.unknown(kpi)}.")
        if not known.is_supported:
            raise InputError(f"company.yml: kpis: {kpi} is not computed yet; leave it out.")
        self.request(kpi)

    def slice_rows(self) -> list[Row]:
        """Rows of `slices`, ordered."""
        return [{"slice": key} for key in sorted(self._slices)]

    def filter_rows(self) -> list[Row]:
        """Rows of `slice_filters`, ordered."""
        return [
            {"slice": key, "field": field, "value": value}
            for key, where in sorted(self._slices.items())
            for field in sorted(where)
            for value in sorted(where[field])
        ]

    def request_rows(self) -> list[Row]:
        """Rows of `kpi_requests`, ordered."""
        return [{"kpi": kpi, "variant": variant, "slice": slice} for kpi, variant, slice in sorted(self._requests)]
