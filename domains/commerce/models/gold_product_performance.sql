{% set keys = ['product_id', 'cast(ordered_at as date) as order_date', 'currency'] %}
{{ config(materialized='incremental', pre_hook="{{ delete_changed('order_lines', " ~ keys ~ ") }}") }}

select
    product_id,
    order_date,
    currency,
    count(distinct case when not is_cancellation then order_id end) as order_count,
    count(*) as line_count,
    sum(quantity) as units,
    sum(case when is_cancellation then -quantity else 0 end) as units_cancelled,
    cast(sum(net_amount) as decimal(18, 4)) as net_amount
from {{ ref('gold_fact_sales') }} as rows
{{ only_changed('order_lines', keys) }}
group by product_id, order_date, currency
