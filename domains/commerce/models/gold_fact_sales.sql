{% set keys = ['order_id', 'line_no'] %}
{{ config(materialized='incremental', pre_hook="{{ delete_changed('order_lines', " ~ keys ~ ") }}") }}

select
    order_id,
    line_no,
    ordered_at,
    cast(ordered_at as date) as order_date,
    product_id,
    description,
    customer_id,
    country,
    currency,
    quantity,
    unit_price,
    cast(quantity * unit_price as decimal(18, 4)) as net_amount,
    is_cancellation
from {{ source('silver', 'order_lines') }} as rows
{{ only_changed('order_lines', keys) }}
