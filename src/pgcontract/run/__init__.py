"""Verdicts: a suite and a database in, a report out."""
