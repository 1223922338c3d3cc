{#- What happens after an order changes nothing of it: a view touches later orders of those who are known to be its visitor. -#}
{% set keys = ['order_id'] %}
{% set through = {
    'fx_rates': 'cast(ordered_at as date) >= (select min(rate_month) from CHANGES)',
    'page_views': 'ordered_at >= (select min(viewed_at) from CHANGES) and customer_id in ('
        ~ 'select customer_id from CHANGES union all select customer_id from SILVER.page_views '
        ~ 'where visitor_id in (select visitor_id from CHANGES))'
} %}
{{ config(
    materialized='incremental',
    pre_hook="{{ delete_changed('order_lines', " ~ keys ~ ", " ~ through ~ ") }}"
) }}

with orders as (
    select
        order_id,
        min(customer_id) as customer_id,
        min(ordered_at) as ordered_at,
        cast(coalesce(sum(net_amount_gbp), 0) as decimal(18, 4)) as net_amount
    from {{ ref('gold_fact_sales') }} as rows
    {{ only_changed('order_lines', keys, through) }}
    where not is_cancellation
    group by order_id
),

-- Whose browser it is, once it has been told; never by what is told after the order.
known as (
    select
        visitor_id,
        customer_id,
        min(viewed_at) as known_at
    from {{ source('silver', 'page_views') }}
    where visitor_id is not null and customer_id is not null
    group by visitor_id, customer_id
),

touched as (
    select
        order_id,
        visit.campaign,
        visit.touched_at,
        visit.visit_id
    from orders
    inner join known using (customer_id)
    inner join {{ ref('campaign_visits') }} as visit using (visitor_id)
    where known_at <= ordered_at and visit.touched_at between ordered_at - interval 30 days and ordered_at
),

-- A touch a row, in their order; an order without any has one row that is its first and its last.
placed as (
    select
        orders.*,
        campaign,
        touched_at,
        row_number() over in_time as place,
        greatest(count(campaign) over (partition by order_id), 1) as touches,
        pow(0.5, (unix_micros(ordered_at) - unix_micros(touched_at)) / (7 * 86400e6D)) as freshness
    from orders
    left join touched using (order_id)
    window in_time as (partition by order_id order by touched_at, campaign, visit_id)
),

-- Rounded parts of all touches but the last, which takes what is left.
parts as (
    select
        *,
        if(place = 1, net_amount, 0) as first_touch,
        if(place < touches, cast(net_amount / touches as decimal(18, 4)), null) as linear,
        case
            when place = touches then null
            when touches = 2 then cast(net_amount * 0.5 as decimal(18, 4))
            when place = 1 then cast(net_amount * 0.4 as decimal(18, 4))
            else cast(net_amount * 0.2 / (touches - 2) as decimal(18, 4))
        end as position_based,
        if(place < touches, cast(cast(net_amount as double) * freshness / sum(freshness) over all_touches as decimal(18, 4)), null)
            as time_decay
    from placed
    window all_touches as (
        partition by order_id order by place rows between unbounded preceding and unbounded following
    )
),

credited as (
    select
        *,
        if(place = touches, net_amount, 0) as last_touch,
        coalesce(linear, net_amount - coalesce(sum(linear) over (partition by order_id), 0)) as linear_whole,
        coalesce(position_based, net_amount - coalesce(sum(position_based) over (partition by order_id), 0)) as position_whole,
        coalesce(time_decay, net_amount - coalesce(sum(time_decay) over (partition by order_id), 0)) as decay_whole
    from parts
)

select
    order_id,
    coalesce(campaign, 'direct') as campaign,
    min(customer_id) as customer_id,
    cast(min(ordered_at) as date) as order_date,
    cast(count(campaign) as int) as touch_count,
    min(touched_at) as first_touched_at,
    max(touched_at) as last_touched_at,
    min(net_amount) as order_net_amount_gbp,
    cast(sum(first_touch) as decimal(18, 4)) as first_touch_amount_gbp,
    cast(sum(last_touch) as decimal(18, 4)) as last_touch_amount_gbp,
    cast(sum(linear_whole) as decimal(18, 4)) as linear_amount_gbp,
    cast(sum(position_whole) as decimal(18, 4)) as position_based_amount_gbp,
    cast(sum(decay_whole) as decimal(18, 4)) as time_decay_amount_gbp
from credited
group by order_id, coalesce(campaign, 'direct')
