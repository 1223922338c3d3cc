{#-
  Rows that hold from a time on (`valid_from`) as versions of their key, one for each time in which none of the columns
  changes: a row that says again what holds makes no version, and each ends where the next one begins (`valid_to`).
-#}
{% macro versions_of(rows, key, columns) -%}
  select *, lead(valid_from) over (partition by {{ key }} order by valid_from) as valid_to
  from (
    select *, struct({{ columns | join(', ') }}) <=> lag(struct({{ columns | join(', ') }})) over (partition by {{ key }} order by valid_from) as is_same
    from {{ rows }}
  )
  where not is_same
{%- endmacro %}
