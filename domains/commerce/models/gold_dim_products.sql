{#- What a product is called depends on all of its lines and entries, so what is built anew is the product. -#}
{% set inputs, keys = ['order_lines', 'products'], ['product_id'] %}
{#- One way of writing for all sources: upper case, no full stops, commas and spaces at the end; null without a letter. -#}
{% set written = "if(description rlike '[a-zA-Z]', regexp_replace(upper(description), '[ .,]+$', ''), null)" %}
{{ config(materialized='incremental', pre_hook="{{ delete_changed(" ~ inputs ~ ", " ~ keys ~ ") }}") }}

with lines as (
    select
        product_id,
        ordered_at,
        if(is_cancellation, null, cast(ordered_at as date)) as sold_on,
        if(unit_price > 0, {{ written }}, null) as description
    from {{ source('silver', 'order_lines') }} as rows
    {{ only_changed(inputs, keys) }}
),

names as (
    select
        product_id,
        description,
        count(*) as line_count,
        min(ordered_at) as first_seen,
        max(ordered_at) as last_seen,
        min(sold_on) as first_sold_on,
        max(sold_on) as last_sold_on
    from lines
    group by product_id, description
),

sold as (
    select
        product_id,
        min(first_seen) as first_seen,
        min(first_sold_on) as first_sold_on,
        max(last_sold_on) as last_sold_on,
        max_by(description, if(description is null, null, struct(line_count, last_seen, description))) as description
    from names
    group by product_id
),

-- Of entries from one instant on, the one with the greatest number holds.
entries as (
    select
        product_id,
        listed_at as valid_from,
        max_by(
            struct(
                status,
                {{ written }} as description,
                category,
                if(status = 'listed', list_price, null) as list_price,
                if(status = 'listed' and list_price is not null, currency, null) as list_currency
            ),
            entry_no
        ) as entry
    from {{ source('silver', 'products') }} as rows
    {{ only_changed(inputs, keys) }}
    group by product_id, listed_at
),

-- The first line begins the time before the first entry. At one time with it, it is the entry that holds.
timeline as (
    select
        product_id,
        valid_from,
        entry,
        row_number() over in_order as place,
        count(*) over (partition by product_id) as places
    from (
        select
            product_id,
            valid_from,
            entry
        from entries
        union all
        select
            product_id,
            first_seen,
            null as entry
        from sold
    ) as times
    window in_order as (partition by product_id order by valid_from, entry is null)
),

described as (
    select
        product_id,
        valid_from,
        coalesce(entry.status, if(places = 1, 'unlisted', 'not_listed_yet')) as catalogue_status,
        coalesce(last_value(entry.description, true) over so_far, sold.description) as description,
        entry.category,
        entry.list_price,
        entry.list_currency,
        first_sold_on,
        last_sold_on
    from timeline
    left join sold using (product_id)
    where entry is not null or place = 1
    window so_far as (partition by product_id order by valid_from rows between unbounded preceding and current row)
)

select
    product_id,
    valid_from,
    valid_to,
    valid_to is null as is_current,
    catalogue_status,
    description,
    category,
    list_price,
    list_currency,
    first_sold_on,
    last_sold_on
from ({{ versions_of('described', 'product_id', ['catalogue_status', 'description', 'category', 'list_price', 'list_currency']) }})
