{#- When a contact was deleted, all that was known until then is taken out of all of its rows. -#}
{% set inputs, keys = ['order_lines', 'customers'], ['customer_id'] %}
{{ config(materialized='incremental', pre_hook="{{ delete_changed(" ~ inputs ~ ", " ~ keys ~ ") }}") }}

with buyers as (
    select
        customer_id,
        min(ordered_at) as first_seen,
        cast(trunc(min(if(is_cancellation, null, ordered_at)), 'month') as date) as cohort_month
    from {{ source('silver', 'order_lines') }} as rows
    {{ only_changed(inputs, keys) }}
    where customer_id is not null
    group by customer_id
),

contacts as (
    select
        customer_id,
        valid_from,
        valid_to,
        struct(coalesce(email_class, 'none') as email_class, country, consent, lifecycle_stage) as contact,
        lead(valid_from) over (partition by customer_id order by valid_from) as next_from
    from {{ source('silver', 'customers') }} as rows
    {{ only_changed(inputs, keys) }}
),

-- A version that ends where no other begins ends with a delete.
deleted as (
    select
        *,
        max(if(valid_to <=> next_from, null, valid_to)) over (partition by customer_id) as deleted_at
    from contacts
),

known as (
    select
        customer_id,
        valid_from,
        if(valid_to <= deleted_at, 'erased', 'known') as crm_status,
        if(valid_to <= deleted_at, null, contact) as contact
    from deleted
),

-- The first order begins the time before the contact. At one time with it, it is the contact that holds.
timeline as (
    select
        *,
        row_number() over (partition by customer_id order by valid_from, crm_status is null) as place,
        count(*) over (partition by customer_id) as places
    from (
        select * from known
        union all
        select
            customer_id,
            first_seen,
            null as crm_status,
            null as contact
        from buyers
    ) as times
),

described as (
    select
        customer_id,
        valid_from,
        coalesce(crm_status, if(places = 1, 'unknown', 'not_known_yet')) as crm_status,
        contact.email_class,
        contact.country,
        contact.consent,
        contact.lifecycle_stage,
        cohort_month
    from timeline
    left join buyers using (customer_id)
    where (crm_status is not null or place = 1) and not (crm_status <=> 'erased' and first_seen is null)
)

select
    customer_id,
    valid_from,
    valid_to,
    valid_to is null as is_current,
    crm_status,
    email_class,
    country,
    consent,
    lifecycle_stage,
    cohort_month
from ({{ versions_of('described', 'customer_id', ['crm_status', 'email_class', 'country', 'consent', 'lifecycle_stage']) }})
