{#-
  Replaces dbt's own: least and greatest values of personal data must not get into the Delta log, and a table without
  inputs says by which contract and model it was made.
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
