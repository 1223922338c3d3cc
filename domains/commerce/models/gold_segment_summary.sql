{#- The contract promises ten customers a row; the gate holds it. -#}
{% set at_least = 10 %}

with segments as (
    select
        segment_month,
        segment,
        count(*) as people,
        sum(order_count) as orders,
        sum(net_amount_gbp) as amount
    from {{ ref('gold_customer_segments') }}
    group by segment_month, segment
),

marked as (
    {{ with_small_groups('segments', ['segment_month'], 'segment', 'people', at_least) }}
)

select
    segment_month,
    if(is_small, 'other', segment) as segment,
    sum(people) as customers,
    count(*) as merged_groups,
    sum(orders) as order_count,
    cast({{ rounded('sum(amount)', 100) }} as decimal(18, 4)) as net_amount_gbp
from marked
group by segment_month, if(is_small, 'other', segment)
having sum(people) >= {{ at_least }}
