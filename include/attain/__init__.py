"""Attain: scores sales performance and works out what people are paid for it."""

__version__ = "0.1.0"
