{#-
  Replaces dbt's own: least and greatest values of personal data must not get into the Delta log, and a table says by
  which contract and models it was made.
-#}
{% macro spark__tblproperties_clause() -%}
  {%- set properties = config.get('tblproperties') or {} -%}
  {%- set columns = var('statistics').get(model.alias) -%}
  {%- if columns %}{% do properties.update({'delta.dataSkippingStatsColumns': columns}) %}{% endif -%}
  {%- set made_by = var('made_by').get(model.alias) -%}
  {%- if made_by %}{% do properties.update({'sluice.madeBy': made_by}) %}{% endif -%}
  {%- if properties %}
    tblproperties ({% for name, value in properties.items() %}'{{ name }}' = '{{ value }}'{{ ', ' if not loop.last }}{% endfor %})
  {%- endif -%}
{%- endmacro %}

{#- Replaces dbt's own: which tables are made anew the job decides, one by one. -#}
{% macro should_full_refresh() -%}
  {{ return(model.name in var('rebuilt')) }}
{%- endmacro %}
