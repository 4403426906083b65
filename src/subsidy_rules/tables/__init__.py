"""Tables of subsidies by the million rows: open data (SCDL), workbooks, data frames.

``check_table`` judges one table. `streaming` needs nothing but Python; `columnar` goes through the same table as
arrays, faster, and leaves every conclusion to the same judge.
"""

from subsidy_rules.tables.run import TableOutcome, check_table

__all__ = ["TableOutcome", "check_table"]
