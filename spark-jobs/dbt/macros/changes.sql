{#-
  Incremental models. A run builds the slot that consumers do not see, from what changed in silver since that slot was
  last built, which may be more than one run ago. A model names the keys of its rows as columns or expressions of the
  silver table: `['order_id', 'cast(ordered_at as date) as order_date']`. In its pre-hook `delete_changed` takes out
  the rows of all keys that changed, and `only_changed` limits its query to the same keys. Running it twice gives the
  same rows, and so does a full build: there both macros do nothing.
  A table of another domain is named with its source: `commerce_silver.orders`. Several tables that all have the keys
  are named in a list: `['order_lines', 'products']`.
  An expression with a name (`as`) is a column of that name in the model, one without is computed of its rows, too.
  A list of two is an expression of the silver table, which may make several rows of one, and one of the model's rows:
  `['explode(days)', 'day']`.
  `through` says which other rows of the silver table a change touches: by table, a condition in which CHANGES stands
  for the rows of that table that changed, SILVER.order_lines for a silver table and BUILT for the model's own.
-#}

{#- The source that is called so. -#}
{% macro silver(table) -%}
  {%- set names = ('silver.' ~ table).split('.')[-2:] -%}
  {{ source(names[0], names[1]) }}
{%- endmacro %}

{#- The rows of a silver table that were inserted, changed or deleted; of changed rows the old ones too. -#}
{% macro changes(table) -%}
  {%- if has_changed(table) %} table_changes_by_path('{{ var('inputs')[table].uri }}', {{ var('inputs')[table].from_version }}, {{ var('inputs')[table].to_version }})
  {%- else %} (select * from {{ silver(table) }} where false)
  {%- endif -%}
{%- endmacro %}

{% macro has_changed(table) -%}
  {{ return(var('inputs')[table].from_version <= var('inputs')[table].to_version) }}
{%- endmacro %}

{#- The keys of all rows that changed, or that a change touches, as `key_1`, `key_2`, … -#}
{% macro changed_keys(tables, keys, through) -%}
  {%- set columns = [] -%}
  {%- for key in keys %}{% do columns.append(key_parts(key)[0] ~ ' as key_' ~ loop.index) %}{% endfor -%}
  {%- for table in ([tables] if tables is string else tables) %}
  {{ 'union' if not loop.first }} select distinct {{ columns | join(', ') }} from {{ changes(table) }}
  {%- for other, condition in through.items() if has_changed(other) %}
  union select {{ columns | join(', ') }} from {{ silver(table) }} where {{ told(condition, other) }}
  {%- endfor -%}
  {%- endfor -%}
{%- endmacro %}

{#- A condition with the tables that its words stand for. -#}
{% macro told(condition, changed) -%}
  {%- set text = namespace(now=condition | replace('CHANGES', changes(changed)) | replace('BUILT', this)) -%}
  {%- for name in var('inputs') if 'SILVER.' ~ name in condition -%}
    {%- set text.now = text.now | replace('SILVER.' ~ name, silver(name)) -%}
  {%- endfor -%}
  {{ return(text.now) }}
{%- endmacro %}

{#- For a pre-hook: deletes the model's rows whose key is among the changed ones. -#}
{% macro delete_changed(tables, keys, through={}) -%}
  {%- if is_incremental() -%}
    merge into {{ this }} as built using ({{ changed_keys(tables, keys, through) }}) as changed
    on {{ have_keys('built', keys) }}
    when matched then delete
  {%- endif -%}
{%- endmacro %}

{#- For a query's `from` clause, after a table that has the keys as columns and is called `rows`. -#}
{% macro only_changed(tables, keys, through={}) -%}
  {%- if is_incremental() -%}
    left semi join ({{ changed_keys(tables, keys, through) }}) as changed on {{ have_keys('rows', keys) }}
  {%- endif -%}
{%- endmacro %}

{% macro have_keys(rows, keys) -%}
  {%- for key in keys %}
    {%- set name = key_parts(key)[1] -%}
    {{ rows ~ '.' ~ name if modules.re.fullmatch('[a-z0-9_]+', name) else name }} <=> changed.key_{{ loop.index }}
    {{- ' and ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}

{#- `cast(ordered_at as date) as order_date` is that expression and `order_date`; without a name both are the same. -#}
{% macro key_parts(key) -%}
  {%- if key is not string %}{{ return(key) }}{% endif -%}
  {%- set found = modules.re.fullmatch('(.*) as ([a-z0-9_]+)', key) -%}
  {{ return((found.group(1), found.group(2)) if found else (key, key)) }}
{%- endmacro %}
