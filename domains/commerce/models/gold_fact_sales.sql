{#- A cancellation changes the sales that it takes back, so what is built anew is all that a buyer had of a product. -#}
{% set keys = ['product_id', 'coalesce(customer_id, order_id)'] %}
{% set through = {'fx_rates': 'cast(ordered_at as date) >= (select min(rate_month) from CHANGES)'} %}
{{ config(
    materialized='incremental',
    pre_hook="{{ delete_changed('order_lines', " ~ keys ~ ", " ~ through ~ ") }}"
) }}

with lines as (
    select
        *,
        cast(ordered_at as date) as order_date,
        cast(quantity * unit_price as decimal(18, 4)) as net_amount,
        upper(product_id) = 'D' as is_discount,
        upper(product_id) not in ('POST', 'DOT', 'C2', 'M', 'S', 'D', 'B', 'AMAZONFEE', 'BANK CHARGES', 'CRUK')
        and upper(product_id) not like 'GIFT%' as is_product
    from {{ source('silver', 'order_lines') }} as rows
    {{ only_changed('order_lines', keys, through) }}
),

-- What was sold and taken back of a product up to each line, by one buyer in one currency. Of guests nothing is known.
counted as (
    select
        *,
        sum(if(is_cancellation or is_discount or quantity < 0, 0, quantity)) over so_far as sold,
        sum(if(is_cancellation and quantity < 0 and not is_discount and customer_id is not null, -quantity, 0))
            over so_far as taken_back
    from lines
    window so_far as (
        partition by coalesce(customer_id, order_id), product_id, currency
        order by ordered_at, is_cancellation, order_id, line_no
        rows between unbounded preceding and current row
    )
),

-- Units can be taken back only after they were sold: what was short once never finds its sale.
matched as (
    select
        *,
        taken_back + least(0, min(sold - taken_back) over (
            partition by coalesce(customer_id, order_id), product_id, currency
            order by ordered_at, is_cancellation, order_id, line_no
            rows between unbounded preceding and current row
        )) as matched_so_far
    from counted
),

-- The oldest sale is taken back first, so the matched units are the first ones that were sold.
returned as (
    select
        *,
        max(matched_so_far) over (partition by coalesce(customer_id, order_id), product_id, currency) as matched,
        matched_so_far - lag(matched_so_far, 1, 0) over (
            partition by coalesce(customer_id, order_id), product_id, currency
            order by ordered_at, is_cancellation, order_id, line_no
        ) as matched_here
    from matched
),

-- The latest rates of each day on which a currency was used; never one of a month that was still to come.
rates as (
    select
        days.currency,
        days.order_date,
        cast(max(if(fx.currency = days.currency, units_per_usd, null)) as decimal(12, 4)) as own,
        cast(max(if(fx.currency = 'EUR', units_per_usd, null)) as decimal(12, 4)) as eur,
        cast(max(if(fx.currency = 'GBP', units_per_usd, null)) as decimal(12, 4)) as gbp,
        min(rate_month) as oldest_rate_month
    from (
        select distinct
            currency,
            cast(ordered_at as date) as order_date
        from {{ source('silver', 'order_lines') }}
    ) as days
    inner join {{ ref('fx_per_usd') }} as fx
        on
            fx.currency in (days.currency, 'EUR', 'GBP')
            and (rate_month is null or days.order_date >= rate_month)
            and (until_day is null or days.order_date < until_day)
    group by days.currency, days.order_date
),

converted as (
    select
        returned.*,
        oldest_rate_month,
        if(currency = 'EUR', net_amount, cast(net_amount * eur / own as decimal(18, 4))) as net_amount_eur,
        if(currency = 'GBP', net_amount, cast(net_amount * gbp / own as decimal(18, 4))) as net_amount_gbp,
        if(currency = 'USD', net_amount, cast(net_amount / own as decimal(18, 4))) as net_amount_usd
    from returned
    left join rates using (currency, order_date)
)

select
    order_id,
    line_no,
    ordered_at,
    order_date,
    product_id,
    is_product,
    description,
    customer_id,
    country,
    currency,
    quantity,
    unit_price,
    cast(if(is_cancellation or is_discount, 0, net_amount) as decimal(18, 4)) as gross_amount,
    cast(if(is_discount, -net_amount, 0) as decimal(18, 4)) as discount_amount,
    cast(if(is_cancellation and not is_discount, -net_amount, 0) as decimal(18, 4)) as return_amount,
    net_amount,
    net_amount_eur,
    net_amount_gbp,
    net_amount_usd,
    oldest_rate_month,
    net_amount_eur is null or net_amount_gbp is null or net_amount_usd is null as is_rate_missing,
    is_cancellation,
    cast(if(is_cancellation or is_discount or quantity < 0, 0, greatest(0, least(quantity, matched - sold + quantity))) as int)
        as returned_units,
    cast(if(is_cancellation and quantity < 0 and not is_discount, -quantity - matched_here, 0) as int) as unmatched_units,
    is_cancellation and quantity < 0 and not is_discount and -quantity > matched_here as is_unmatched
from converted
