"""What gold must hold, computed by DuckDB straight from the shop's CSV files. Shares no code with Sluice.

Usage: python reference_totals.py RATES.csv FILE.csv... ; prints one JSON object.
"""

import json
import sys
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

LINES = """
create table lines as
select
    InvoiceNo as invoice,
    StockCode as product,
    cast(Quantity as integer) as quantity,
    cast(UnitPrice as decimal(18, 4)) as price,
    nullif(CustomerID, '') as customer,
    trim(Country) as country,
    cast(InvoiceDate as timestamp) as placed_at,
    cast(cast(InvoiceDate as timestamp) as date) as day
from read_csv(?, header = true, all_varchar = true)
"""

RATES = """
create table rates as
select cast(Date as date) as month, Country as country, cast("Exchange rate" as decimal(12, 4)) as rate
from read_csv(?, header = true, all_varchar = true)
"""

# A line without units, or with a negative price, is for the quarantine. The shop sells in pounds.
GOOD = """
create table good as
select
    lines.*,
    invoice not like 'C%' as is_order,
    upper(product) not in ('POST', 'DOT', 'C2', 'M', 'S', 'D', 'B', 'AMAZONFEE', 'BANK CHARGES', 'CRUK')
        and not starts_with(upper(product), 'GIFT') as is_good,
    cast(quantity * price as decimal(18, 4)) as net,
    cast(round(quantity * price * euro.rate / pound.rate, 4) as decimal(18, 4)) as net_eur,
    cast(round(quantity * price / pound.rate, 4) as decimal(18, 4)) as net_usd
from lines
asof left join (select * from rates where country = 'Euro') as euro on lines.day >= euro.month
asof left join (select * from rates where country = 'United Kingdom') as pound on lines.day >= pound.month
where quantity <> 0 and price >= 0
"""

TOTALS = """
select
    {key} as key,
    count(*) as lines,
    sum(quantity) as units,
    cast(sum(net) as decimal(38, 4)) as revenue,
    cast(sum(net_eur) as decimal(38, 4)) as revenue_eur,
    cast(sum(net_usd) as decimal(38, 4)) as revenue_usd
from good
group by 1
order by 1
"""

SUMMARY = """
select
    (select count(*) from good) as lines,
    count(*) - (select count(*) from good) as broken_lines,
    count(distinct invoice) as invoices,
    count(distinct invoice) filter (invoice like 'C%') as cancellations,
    (select count(*) from good where customer is null) as lines_without_customer,
    (select count(distinct customer) from good) as customers,
    (select count(distinct month) from rates) as rate_months
from lines
"""

# What the business goes by, of all and of each country. Orders are named by invoices that no C begins.
METRICS = """
select
    country,
    sum(net)::double as net_revenue,
    coalesce(sum(net) filter (is_good), 0)::double as goods_revenue,
    count(distinct invoice) filter (is_order) as orders,
    (sum(net) filter (is_order))::double / nullif(count(distinct invoice) filter (is_order), 0) as average_order_value,
    coalesce(sum(quantity) filter (is_good and is_order and quantity > 0), 0)::int as units_sold,
    count(distinct customer) filter (is_order) as customers,
    count(distinct invoice) filter (is_order and customer is null)
        / nullif(count(distinct invoice) filter (is_order), 0)::double as guest_share
from good
group by rollup (country)
order by country nulls last
"""

# Products by period, summed over all of them: a single rank, index or running total that differs is seen.
PRODUCTS = """
with starts as (
    select 'day' as period, day as start, * from good
    union all select 'week', date_trunc('week', day), * from good
    union all select 'month', date_trunc('month', day), * from good
), told as (
    select
        period, start, product, is_good, sum(quantity) as units, sum(net) as net,
        count(distinct invoice) filter (is_order) as orders,
        sum(quantity) filter (is_order and quantity > 0) as sold,
        round(sum(if(upper(product) = 'D', 0, net)) filter (is_order and quantity > 0) / sold, 4) as price
    from starts group by all
), places as (
    select now.period, now.start, now.product, count(*) filter (other.net > now.net) + 1 as place
    from told as now join told as other using (period, start, is_good) group by all
), years as (
    select
        now.period, now.start, now.product, sum(other.units) as units, sum(other.net) as net,
        arg_min(other.price, other.start) filter (other.price > 0) as base
    from told as now join told as other
        on other.period = now.period and other.product = now.product
        and year(other.start) = year(now.start) and other.start <= now.start
    group by all
)
select
    period, cast(start::date as varchar) as start, count(*)::int as products, sum(orders)::int as orders,
    sum(told.units)::int as units, cast(sum(told.net) as varchar) as revenue, sum(place)::int as places,
    sum(years.units)::int as units_so_far, cast(sum(years.net) as varchar) as revenue_so_far,
    round(sum(price))::int as prices, round(sum(round(price * 100 / base, 2)))::int as indexes
from told join places using (period, start, product) join years using (period, start, product)
group by all order by 1, 2
"""

# By the time of an order, which is that of its first line; at one time sales come before cancellations.
ORDERED = """
select invoice, product, customer, quantity, country, is_good
from good join (select invoice, min(placed_at) as ordered_at from lines group by 1) using (invoice)
order by ordered_at, invoice like 'C%'
"""

# Customers month by month: of each month, all that they did up to its end.
SEGMENTS = """
with firsts as (
    select customer, min(day) as first_day from good where is_order and customer is not null group by 1
), months as (
    select customer, first_day, cast(unnest(generate_series(
        date_trunc('month', first_day), (select max(day) from good), interval 1 month)) as date) as month
    from firsts
), told as (
    select
        customer, month, date_diff('day', first_day, last_day(month)) as age,
        date_diff('day', max(day) filter (is_order), last_day(month)) as recency,
        count(distinct invoice) filter (is_order and day >= month) as orders,
        coalesce(sum(net) filter (day >= month), 0) as revenue,
        count(distinct invoice) filter (is_order and day >= month - interval 11 month) as often,
        coalesce(sum(net) filter (day >= month - interval 11 month), 0) as rich
    from months join good using (customer)
    where day between date_trunc('month', first_day) and last_day(month)
    group by customer, month, first_day
), named as (
    select *, case
        when often = 0 then 'lost'
        when recency <= 60 and often >= 5 and rich >= 2000 then 'champion'
        when recency <= 90 and often >= 3 then 'loyal'
        when recency <= 90 and rich >= 2000 then 'big_spender'
        when age <= 60 then 'new'
        when recency <= 90 then 'occasional'
        when often >= 3 or rich >= 2000 then 'at_risk'
        else 'dormant' end as segment
    from told
)
select
    cast(now.month as varchar) as month, now.segment, before.segment as previous_segment, count(*) as customers,
    sum(now.orders)::int as orders, cast(sum(now.revenue) as varchar) as revenue,
    cast(sum(now.rich) as varchar) as revenue_12_months, sum(now.recency)::int as recency_days
from named as now
left join named as before on before.customer = now.customer and before.month = now.month - interval 1 month
group by all order by 1, 2, 3 nulls last
"""


@dataclass
class Sale:
    """What of a sale has not been taken back yet."""

    units: int
    country: str


def returns(rows: list[tuple[str, str, str, int, str, bool]]) -> dict[str, Any]:
    """Units that cancellations take back of earlier sales to the same customer, and those that find no sale."""
    left: dict[tuple[str, str], deque[Sale]] = defaultdict(deque)
    goods: Counter[str] = Counter()
    returned = unmatched = 0
    for invoice, product, customer, quantity, country, is_good in rows:
        is_return = invoice.startswith("C")
        if product.upper() == "D" or is_return == (quantity > 0):
            continue
        if not is_return:
            left[customer, product].append(Sale(quantity, country))
            continue
        wanted = -quantity
        sales = left[customer, product] if customer else deque()
        while wanted and sales:
            taken = min(wanted, sales[0].units)
            returned += taken
            goods[sales[0].country] += taken if is_good else 0
            sales[0].units -= taken
            wanted -= taken
            if sales[0].units == 0:
                sales.popleft()
        unmatched += wanted
    return {"returned_units": returned, "unmatched_units": unmatched, "returned_goods": goods}


def summary_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Months in segments of ten customers at least: the smallest are put together until they are so many."""
    months: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, Decimal(0), 1]))
    for row in rows:
        sums = months[row["month"]][row["segment"]]
        sums[:3] = [sums[0] + row["customers"], sums[1] + row["orders"], sums[2] + Decimal(row["revenue"])]
    found = []
    for month, segments in months.items():
        others: list[Any] = [0, 0, Decimal(0), 0]
        for name, sums in sorted(segments.items(), key=lambda each: (each[1][0], each[0])):
            if sums[0] < 10 or 0 < others[0] < 10:
                others = [other + own for other, own in zip(others, sums, strict=True)]
                del segments[name]
        shown = {**segments, **({"other": others} if others[0] >= 10 else {})}
        for name, (people, orders, revenue, merged) in shown.items():
            hundreds = int((revenue / 100).quantize(Decimal(1), ROUND_HALF_UP)) * 100
            counts = {"customers": people, "merged": merged, "orders": orders, "revenue": hundreds}
            found.append({"month": month, "segment": name, **counts})
    return sorted(found, key=lambda row: (row["month"], row["segment"]))


def rows_of(answer: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Rows by the names of their columns."""
    columns = [column[0] for column in answer.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def main() -> None:
    """Print the totals of the files that were named."""
    connection = duckdb.connect()
    connection.execute(RATES, [sys.argv[1]])
    connection.execute(LINES, [sys.argv[2:]])
    connection.execute(GOOD)
    totals = {
        name: [
            {
                **{"key": None if key is None else str(key), "lines": lines, "units": int(units)},
                **{"revenue": str(revenue), "revenue_eur": str(eur), "revenue_usd": str(usd)},
            }
            for key, lines, units, revenue, eur, usd in connection.execute(TOTALS.format(key=column)).fetchall()
        ]
        for name, column in (("days", "day"), ("products", "product"), ("countries", "country"), ("buyers", "customer"))
    }
    [summary] = rows_of(connection.execute(SUMMARY))
    ordered = connection.execute(ORDERED).fetchall()
    metrics = rows_of(connection.execute(METRICS))
    segments = rows_of(connection.execute(SEGMENTS))
    tables = {"segment_summary": summary_of(segments), "performance": rows_of(connection.execute(PRODUCTS))}
    print(json.dumps({**summary, **totals, **returns(ordered), "metrics": metrics, "segments": segments, **tables}))


if __name__ == "__main__":
    main()
