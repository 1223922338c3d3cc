{#- What a customer bought decides that customer's months and nobody else's; a month that is new is one for everybody. -#}
{% set keys = ['customer_id'] %}
{% set through = {
    'fx_rates': 'cast(ordered_at as date) >= (select min(rate_month) from CHANGES)',
    'order_lines': '(select max(segment_month) from BUILT) is distinct from (select trunc(max(ordered_at), "MM") from SILVER.order_lines)'
} %}
{{ config(
    materialized='incremental',
    pre_hook="{{ delete_changed('order_lines', " ~ keys ~ ", " ~ through ~ ") }}"
) }}

with bought as (
    select
        customer_id,
        trunc(order_date, 'MM') as segment_month,
        count(distinct if(is_cancellation, null, order_id)) as order_count,
        min(if(is_cancellation, null, order_date)) as first_order_date,
        max(if(is_cancellation, null, order_date)) as last_order_date,
        sum(net_amount_gbp) as net_amount_gbp
    from {{ ref('gold_fact_sales') }} as rows
    {{ only_changed('order_lines', keys, through) }}
    where customer_id is not null
    group by customer_id, trunc(order_date, 'MM')
),

customers as (
    select
        customer_id,
        min(first_order_date) as first_order_date
    from bought
    group by customer_id
    having min(first_order_date) is not null
),

months as (
    select
        customer_id,
        first_order_date,
        explode(sequence(
            trunc(first_order_date, 'MM'),
            (select trunc(max(order_date), 'MM') from {{ ref('gold_fact_sales') }}),
            interval 1 month
        )) as segment_month
    from customers
),

-- A customer's rows have no gap, so twelve rows are twelve months.
told as (
    select
        customer_id,
        segment_month,
        months.first_order_date,
        cast(coalesce(order_count, 0) as int) as order_count,
        cast(coalesce(net_amount_gbp, 0) as decimal(18, 4)) as net_amount_gbp,
        max(last_order_date) over (partition by customer_id order by segment_month) as last_order_date,
        cast(coalesce(sum(order_count) over twelve_months, 0) as int) as order_count_12_months,
        cast(coalesce(sum(net_amount_gbp) over twelve_months, 0) as decimal(18, 4)) as net_amount_gbp_12_months
    from months
    left join bought using (customer_id, segment_month)
    window twelve_months as (
        partition by customer_id order by segment_month rows between 11 preceding and current row
    )
),

scored as (
    select
        *,
        datediff(last_day(segment_month), last_order_date) as recency_days,
        case
            when datediff(last_day(segment_month), last_order_date) <= 30 then 5
            when datediff(last_day(segment_month), last_order_date) <= 60 then 4
            when datediff(last_day(segment_month), last_order_date) <= 90 then 3
            when datediff(last_day(segment_month), last_order_date) <= 180 then 2
            else 1
        end as recency_score,
        case
            when order_count_12_months >= 10 then 5
            when order_count_12_months >= 5 then 4
            when order_count_12_months >= 3 then 3
            when order_count_12_months = 2 then 2
            else 1
        end as frequency_score,
        case
            when net_amount_gbp_12_months >= 5000 then 5
            when net_amount_gbp_12_months >= 2000 then 4
            when net_amount_gbp_12_months >= 750 then 3
            when net_amount_gbp_12_months >= 250 then 2
            else 1
        end as monetary_score
    from told
),

named as (
    select
        *,
        case
            when order_count_12_months = 0 then 'lost'
            when recency_score >= 4 and frequency_score >= 4 and monetary_score >= 4 then 'champion'
            when recency_score >= 3 and frequency_score >= 3 then 'loyal'
            when recency_score >= 3 and monetary_score >= 4 then 'big_spender'
            when datediff(last_day(segment_month), first_order_date) <= 60 then 'new'
            when recency_score >= 3 then 'occasional'
            when frequency_score >= 3 or monetary_score >= 4 then 'at_risk'
            else 'dormant'
        end as segment
    from scored
)

select
    customer_id,
    segment_month,
    cast(months_between(segment_month, trunc(first_order_date, 'MM')) as int) as months_since_first_order,
    first_order_date,
    last_order_date,
    order_count,
    net_amount_gbp,
    order_count_12_months,
    net_amount_gbp_12_months,
    recency_days,
    recency_score,
    frequency_score,
    monetary_score,
    segment,
    lag(segment) over (partition by customer_id order by segment_month) as previous_segment
from named
