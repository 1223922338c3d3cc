{#- A line changes its day, week and month; a cancellation also those in which its product was sold to the same buyer. -#}
{% set periods = "array("
    ~ "struct('day' as period, cast(ordered_at as date) as period_start), "
    ~ "struct('week' as period, trunc(ordered_at, 'week') as period_start), "
    ~ "struct('month' as period, trunc(ordered_at, 'month') as period_start))" %}
{% set keys = ['product_id', 'currency', ['explode(' ~ periods ~ ')', 'struct(period, period_start)']] %}
{% set through = {
    'order_lines': '(product_id, coalesce(customer_id, order_id)) in (select product_id, coalesce(customer_id, order_id) from CHANGES)'
} %}
{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key=['product_id', 'period', 'period_start', 'currency'],
    pre_hook="{{ delete_changed('order_lines', " ~ keys ~ ", " ~ through ~ ") }}"
) }}

with sums as (
    select
        product_id,
        period,
        period_start,
        currency,
        max(is_product) as is_product,
        count(distinct if(is_cancellation, null, order_id)) as order_count,
        count(*) as line_count,
        sum(quantity) as units,
        sum(if(is_cancellation, -quantity, 0)) as units_cancelled,
        cast(sum(net_amount) as decimal(18, 4)) as amount,
        sum(if(is_sold, quantity, 0)) as units_sold,
        sum(returned_units) as units_returned,
        cast(sum(if(is_sold, gross_amount, 0)) / nullif(sum(if(is_sold, quantity, 0)), 0) as decimal(18, 4)) as average_price
    from (
        select *, not is_cancellation and quantity > 0 as is_sold, inline({{ periods }})
        from {{ ref('gold_fact_sales') }}
    ) as rows
    {{ only_changed('order_lines', keys, through) }}
    group by product_id, period, period_start, currency
),

-- Rank, index and running totals depend on other rows of the same year: these are taken as they stand in the table.
year_of_rows as (
    select
        *,
        null as told
    from sums
    {% if is_incremental() %}
        union all
        select
            product_id,
            period,
            period_start,
            currency,
            is_product,
            order_count,
            line_count,
            units,
            units_cancelled,
            net_amount as amount,
            units_sold,
            units_returned,
            average_price,
            struct(price_index, revenue_rank, units_year_to_date, net_amount_year_to_date) as told
        from {{ this }}
        where year(period_start) in (
            select year(key_3.period_start)
            from ({{ changed_keys('order_lines', keys, through) }})
        )
    {% endif %}
),

placed as (
    select
        *,
        cast(average_price * 100 / first_value(nullif(average_price, 0)) ignore nulls over year_to_date as decimal(18, 2))
            as price_index,
        rank() over (partition by period, period_start, currency, is_product order by amount desc) as revenue_rank,
        sum(units) over year_to_date as units_year_to_date,
        cast(sum(amount) over year_to_date as decimal(18, 4)) as net_amount_year_to_date
    from year_of_rows
    window year_to_date as (
        partition by product_id, currency, period, year(period_start)
        order by period_start rows between unbounded preceding and current row
    )
)

select
    product_id,
    period,
    period_start,
    currency,
    is_product,
    order_count,
    line_count,
    units,
    units_cancelled,
    amount as net_amount,
    units_sold,
    units_returned,
    cast(units_returned / nullif(units_sold, 0) as decimal(9, 4)) as return_rate,
    average_price,
    price_index,
    revenue_rank,
    units_year_to_date,
    net_amount_year_to_date
from placed
{# What would say the same again is not written. #}
where not told <=> struct(price_index, revenue_rank, units_year_to_date, net_amount_year_to_date)
