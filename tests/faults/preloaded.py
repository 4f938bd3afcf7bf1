"""What the fork server imports before it forks: everything a run needs, so that a child starts at once."""

from __future__ import annotations

import dbt.adapters.duckdb
import dbt.cli.main  # noqa: F401
import great_expectations  # noqa: F401
import pandas  # noqa: F401
import xlsxwriter  # noqa: F401

import attain.closing
import attain.publish.set
import attain.quality.gate
import attain.quality.page  # noqa: F401
