"""Advice on a whole database, read from its catalogs alone: one module a rule, imported when it is wanted."""
