{#- A cancellation changes the days on which its product was sold to the same buyer. -#}
{% set keys = ['product_id', 'cast(ordered_at as date) as order_date', 'currency'] %}
{% set through = {
    'order_lines': '(product_id, coalesce(customer_id, order_id)) in (select product_id, coalesce(customer_id, order_id) from CHANGES)'
} %}
{{ config(
    materialized='incremental',
    pre_hook="{{ delete_changed('order_lines', " ~ keys ~ ", " ~ through ~ ") }}"
) }}

select
    product_id,
    order_date,
    currency,
    count(distinct case when not is_cancellation then order_id end) as order_count,
    count(*) as line_count,
    sum(quantity) as units,
    sum(case when is_cancellation then -quantity else 0 end) as units_cancelled,
    cast(sum(net_amount) as decimal(18, 4)) as net_amount,
    sum(if(gross_units > 0, gross_units, 0)) as units_sold,
    sum(returned_units) as units_returned,
    cast(sum(returned_units) / nullif(sum(if(gross_units > 0, gross_units, 0)), 0) as decimal(9, 4)) as return_rate
from (
    select *, if(is_cancellation, 0, quantity) as gross_units from {{ ref('gold_fact_sales') }}
) as rows
{{ only_changed('order_lines', keys, through) }}
group by product_id, order_date, currency
