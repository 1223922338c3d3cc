{#-
  Groups of people that are too small to be shown. A query of all rows with `is_small`: true of groups with fewer people
  than `at_least`, and of the next larger ones where the small ones together are still too few. Their sum is then large
  enough, or there is no other group; such a sum must be left out (`having`), since the gate refuses it.

  rows: what has a row for each group; within: columns in which groups are told apart, such as a month; group: the column
  that names it; persons: the column that counts its people.
-#}
{% macro with_small_groups(rows, within, group, persons, at_least) -%}
  select *, {{ persons }} < {{ at_least }} or coalesce(fewer, 0) between 1 and {{ at_least - 1 }} as is_small
  from (
    select *, sum({{ persons }}) over (
      partition by {{ within | join(', ') }} order by {{ persons }}, {{ group }}
      rows between unbounded preceding and 1 preceding
    ) as fewer
    from {{ rows }}
  )
{%- endmacro %}

{#- An amount as the nearest multiple of a whole number, halves away from zero: what the contract calls `rounded`. -#}
{% macro rounded(amount, unit) -%}
  round(({{ amount }}) / {{ unit }}) * {{ unit }}
{%- endmacro %}
