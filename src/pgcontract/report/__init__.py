"""Reports: one arrangement of a run's verdicts, and the formats that show it.

Each format is a module with a function of the report; `Report.render` and `Report.save` find those that make text by
the entry point group ``pgcontract.reports``.
"""
