"""Plans: their grammar, their rules, and the tables they become.

`load_plans` reads a company's plan files, `unsupported` says what cannot be paid yet, `flatten` gives the
tables the warehouse joins with, `check` reports to people.
"""

from attain.plans.book import Plan, PlanBook
from attain.plans.check import CheckReport, check, json_schema, warnings_of
from attain.plans.flatten import flatten
from attain.plans.loader import book_of, load_plans, plan_from_document, plan_from_mapping
from attain.plans.support import unsupported

__all__ = [
    "CheckReport",
    "Plan",
    "PlanBook",
    "book_of",
    "check",
    "flatten",
    "json_schema",
    "load_plans",
    "plan_from_document",
    "plan_from_mapping",
    "unsupported",
    "warnings_of",
]
