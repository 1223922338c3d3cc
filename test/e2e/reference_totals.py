"""What gold must hold, computed by DuckDB straight from the shop's CSV files. Shares no code with Sluice.

Usage: python reference_totals.py FILE.csv... ; prints one JSON object.
"""

import json
import sys

import duckdb

LINES = """
create table lines as
select
    InvoiceNo as invoice,
    StockCode as product,
    cast(Quantity as integer) as quantity,
    cast(UnitPrice as decimal(18, 4)) as price,
    nullif(CustomerID, '') as customer,
    cast(cast(InvoiceDate as timestamp) as date) as day
from read_csv(?, header = true, all_varchar = true)
"""

# A line without units, or with a negative price, is for the quarantine.
GOOD = "quantity <> 0 and price >= 0"

TOTALS = f"""
select
    {{key}} as key,
    count(*) as lines,
    sum(quantity) as units,
    cast(sum(quantity * price) as decimal(38, 4)) as revenue
from lines
where {GOOD}
group by 1
order by 1
"""

SUMMARY = f"""
select
    count(*) filter ({GOOD}) as lines,
    count(*) filter (not ({GOOD})) as broken_lines,
    count(distinct invoice) as invoices,
    count(distinct invoice) filter (invoice like 'C%') as cancellations,
    count(*) filter ({GOOD} and customer is null) as lines_without_customer,
    count(distinct customer) filter ({GOOD}) as customers
from lines
"""


def main() -> None:
    """Print the totals of the files that were named."""
    connection = duckdb.connect()
    connection.execute(LINES, [sys.argv[1:]])
    totals = {
        name: [
            {"key": str(key), "lines": lines, "units": int(units), "revenue": str(revenue)}
            for key, lines, units, revenue in connection.execute(TOTALS.format(key=column)).fetchall()
        ]
        for name, column in (("days", "day"), ("products", "product"))
    }
    summary = connection.execute(SUMMARY)
    columns = [column[0] for column in summary.description or ()]
    row = summary.fetchone() or ()
    print(json.dumps({**dict(zip(columns, row, strict=True)), **totals}))


if __name__ == "__main__":
    main()
