{#-
  Incremental models. A run builds the slot that consumers do not see, from what changed in silver since that slot was
  last built, which may be more than one run ago. A model names the keys of its rows as columns or expressions of the
  silver table: `['order_id', 'cast(ordered_at as date) as order_date']`. In its pre-hook `delete_changed` takes out
  the rows of all keys that changed, and `only_changed` limits its query to the same keys. Running it twice gives the
  same rows, and so does a full build: there both macros do nothing.
  A table of another domain is named with its source: `commerce_silver.orders`.
-#}

{#- The source that is called so. -#}
{% macro silver(table) -%}
  {%- set names = ('silver.' ~ table).split('.')[-2:] -%}
  {{ source(names[0], names[1]) }}
{%- endmacro %}

{#- The keys of all rows of a silver table that were inserted, changed or deleted; of changed rows the old keys too. -#}
{% macro changed_keys(table, keys) -%}
  {%- set input = var('inputs')[table] -%}
  select distinct {{ keys | join(', ') }} from
  {%- if input.from_version > input.to_version %} {{ silver(table) }} where false
  {%- else %} table_changes_by_path('{{ input.uri }}', {{ input.from_version }}, {{ input.to_version }})
  {%- endif -%}
{%- endmacro %}

{#- For a pre-hook: deletes the model's rows whose key is among the changed ones. -#}
{% macro delete_changed(table, keys) -%}
  {%- if is_incremental() -%}
    merge into {{ this }} as built using ({{ changed_keys(table, keys) }}) as changed
    on {% for name in key_names(keys) %}built.{{ name }} <=> changed.{{ name }}{{ ' and ' if not loop.last }}{% endfor %}
    when matched then delete
  {%- endif -%}
{%- endmacro %}

{#- For a query's `from` clause, after a table that has the keys as columns and is called `rows`. -#}
{% macro only_changed(table, keys) -%}
  {%- if is_incremental() -%}
    left semi join ({{ changed_keys(table, keys) }}) as changed
    on {% for name in key_names(keys) %}rows.{{ name }} <=> changed.{{ name }}{{ ' and ' if not loop.last }}{% endfor %}
  {%- endif -%}
{%- endmacro %}

{#- `cast(ordered_at as date) as order_date` is called `order_date`. -#}
{% macro key_names(keys) -%}
  {%- set names = [] -%}
  {%- for key in keys %}{% do names.append(key.split(' as ') | last | trim) %}{% endfor -%}
  {{ return(names) }}
{%- endmacro %}
