{#- Visits that a campaign's link led to, each once for a campaign however many views say so. Robots visit, but do not buy. -#}
{{ config(materialized='ephemeral') }}
select
    visitor_id,
    coalesce(session_id, view_id) as visit_id,
    coalesce(utm_campaign, 'google-ads') as campaign,
    min(viewed_at) as touched_at
from {{ source('silver', 'page_views') }}
where
    visitor_id is not null
    and (utm_campaign is not null or click_id is not null)
    and not lower(coalesce(user_agent, '')) rlike 'bot|crawler|spider'
group by visitor_id, coalesce(session_id, view_id), coalesce(utm_campaign, 'google-ads')
