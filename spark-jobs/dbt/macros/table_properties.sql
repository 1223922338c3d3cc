{#- Replaces dbt's own: least and greatest values of personal data must not get into the Delta log. -#}
{% macro spark__tblproperties_clause() -%}
  {%- set properties = config.get('tblproperties') or {} -%}
  {%- set columns = var('statistics').get(model.alias) -%}
  {%- if columns %}{% do properties.update({'delta.dataSkippingStatsColumns': columns}) %}{% endif -%}
  {%- if properties %}
    tblproperties ({% for name, value in properties.items() %}'{{ name }}' = '{{ value }}'{{ ', ' if not loop.last }}{% endfor %})
  {%- endif -%}
{%- endmacro %}
