"""What the dimensions of gold must hold now, computed by DuckDB straight from the files. Shares no code with Sluice.

Usage: python reference_dimensions.py CATALOGUE.csv CRM.csv DAY.csv... ; prints one JSON object.
"""

import json
import sys
from typing import Any

import duckdb

LINES = """
create table lines as
select StockCode as product, nullif(CustomerID, '')[:-3] as customer, InvoiceNo not like 'C%' as is_order,
    regexp_replace(trim(Description), '\\s+', ' ', 'g') as said,
    cast(UnitPrice as decimal(18, 4)) as price, cast(Quantity as integer) as units,
    cast(units * price as decimal(18, 4)) as net,
    min(cast(InvoiceDate as timestamp)) over (partition by InvoiceNo) as since
from read_csv(?, header = true, all_varchar = true)
qualify units <> 0 and price >= 0
"""

# How names are written is a rule of the contract.
WRITTEN = """
create macro written(name) as
    case when regexp_matches(name, '[a-zA-Z]') then regexp_replace(upper(name), '[ .,]+$', '') end
"""

ENTRIES = """
create table entries as
select cast(Entry as bigint) as no, Code as product, strptime(Listed, '%Y-%m-%d %H:%M') as since, Status as status,
    written(regexp_replace(trim(Description), '\\s+', ' ', 'g')) as name, lower(trim(Category)) as category,
    cast(nullif("List price", '') as decimal(18, 4)) as price
from read_csv(?, header = true, all_varchar = true)
"""

# A stage that the contract does not know waits in quarantine.
CHANGES = """
create table changes as
select cast(Change as bigint) as no, Customer as customer, Operation as operation,
    coalesce(nullif("Email class", ''), 'none') as email_class, trim(Country) as country, Consent = 'true' as consent,
    lower(Stage) as stage
from read_csv(?, header = true, all_varchar = true)
where operation = 'delete' or lower(Stage) in ('lead', 'customer', 'loyal', 'lapsed')
"""

PRODUCTS = """
with listed as (
    select product, arg_max(status, (since, no)) as status, arg_max(category, (since, no)) as category,
        arg_max(name, (since, no)) filter (name is not null) as name,
        arg_max({'price': price}, (since, no)).price as price
    from entries group by product
),
uses as (
    select product, written(said) as name, count(*) as times, max(since) as last
    from lines where price > 0 group by all
),
names as (
    select product, arg_max(name, (times, last, name)) as name from uses where name is not null group by product
),
sold as (
    select product, min(since) filter (is_order)::date::varchar as first_sold_on,
        max(since) filter (is_order)::date::varchar as last_sold_on
    from lines group by product
)
select product as product_id, coalesce(status, 'unlisted') as catalogue_status,
    coalesce(listed.name, names.name) as description, category,
    case when status = 'listed' then price end::varchar as list_price, first_sold_on, last_sold_on
from sold full join listed using (product) left join names using (product)
"""

CUSTOMERS = """
with latest as (
    select customer, arg_max(operation, no) as operation, arg_max({'it': changes}, no).it as contact
    from changes group by customer having bool_or(operation <> 'delete')
),
buyers as (
    select customer, date_trunc('month', min(since) filter (is_order))::date::varchar as cohort from lines
    where customer is not null group by customer
),
dimension as (
    select case operation when 'delete' then 'erased' else if(operation is null, 'unknown', 'known') end as crm_status,
        case when operation <> 'delete' then contact end as contact, cohort
    from latest full join buyers using (customer)
    where buyers.customer is not null or operation <> 'delete'
)
select crm_status, contact.email_class, contact.country, contact.consent, contact.stage as lifecycle_stage,
    cohort as cohort_month, count(*)::int as customers
from dimension group by all
"""

# What was sold at which chapter, by the entry that held then; codes that no entry names, and times before, have none.
CATEGORIES = """
with holding as (
    select product, since, arg_max(category, no) as category from entries group by product, since
)
select category, sum(net)::varchar as revenue
from lines asof left join holding on lines.product = holding.product and lines.since >= holding.since
group by category
"""


def main() -> None:
    """Print what the dimensions hold."""
    catalogue, crm, *days = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute(WRITTEN)
    for statement, files in ((LINES, days), (ENTRIES, [catalogue]), (CHANGES, [crm])):
        connection.execute(statement, [files])

    def rows(statement: str) -> list[dict[str, Any]]:
        answer = connection.execute(statement)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    print(json.dumps({"products": rows(PRODUCTS), "customers": rows(CUSTOMERS), "categories": rows(CATEGORIES)}))


if __name__ == "__main__":
    main()
