{# Points on a payout curve. `segments` (x_from inclusive, x_to exclusive) and `curves` (floor in x, cap in y) must be in
   scope under these names; plans are flattened so that every x lies in exactly one segment of its curve. #}
{% macro in_segment(x) -%}
    ({{ x }} >= segments.x_from or segments.x_from is null) and ({{ x }} < segments.x_to or segments.x_to is null)
{%- endmacro %}

{# y at x: linear inside the segment, 0 below the floor, at most the cap, never negative. DECIMAL(18,10), exact to the
   last place: (x − anchor) × dy ÷ dx is taken in integers. #}
{% macro on_curve(x) -%}
    cast(
        case
            when {{ x }} < curves.floor then 0
            when {{ x }} is not null then
                greatest(
                    least(
                        segments.y_anchor
                        + cast(
                            {{ divide_half_up(
                                "(cast(cast(" ~ x ~ " - segments.x_anchor as decimal(24, 10)) * 10000000000 as hugeint) * cast(segments.dy * 10000000000 as hugeint))",
                                "cast(segments.dx * 10000000000 as hugeint)"
                            ) }} as decimal(27, 0)
                        ) * cast(0.0000000001 as decimal(11, 10)),
                        coalesce(curves.cap, 99999999)
                    ),
                    0
                )
        end as decimal(18, 10)
    )
{%- endmacro %}
