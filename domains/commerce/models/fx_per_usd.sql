{#- Which currency the countries of the rates' file stand for. Predecessors of the euro, and Venezuela's, which was renamed twice, are left out. -#}
{{ config(materialized='ephemeral') }}
select
    currency,
    units_per_usd,
    rate_month,
    lead(rate_month) over (partition by currency order by rate_month) as until_day
from {{ source('silver', 'fx_rates') }}
inner join
    values
    ('Australia', 'AUD'), ('Brazil', 'BRL'), ('Canada', 'CAD'), ('China', 'CNY'), ('Denmark', 'DKK'), ('Euro', 'EUR'),
    ('Hong Kong', 'HKD'), ('India', 'INR'), ('Japan', 'JPY'), ('Malaysia', 'MYR'), ('Mexico', 'MXN'),
    ('New Zealand', 'NZD'), ('Norway', 'NOK'), ('Singapore', 'SGD'), ('South Africa', 'ZAR'), ('South Korea', 'KRW'),
    ('Sri Lanka', 'LKR'), ('Sweden', 'SEK'), ('Switzerland', 'CHF'), ('Taiwan', 'TWD'), ('Thailand', 'THB'),
    ('United Kingdom', 'GBP')
        as currencies (country, currency)
    using (country)
union all
select
    'USD' as currency,
    1 as units_per_usd,
    cast(null as date) as rate_month,
    cast(null as date) as until_day
