{# The day whose exchange rate a deal needs: of winning, or of losing where there is an amount to convert. #}
{% macro closing_day() -%}
    case
        when child.status = 'won' then child.won_on
        when child.status = 'lost' and child.amount is not null then child.lost_on
    end
{%- endmacro %}

{# One row per deal with splits of the credit role owner: the sum of those that stand. A deal whose owner splits are
   all broken sums to 0: it must not fall back to its owner. #}
{% macro owner_split_totals() -%}
    {%- set typed = ref('typed_deal_splits') -%}
    {%- set checked = ref('checked_deal_splits') -%}
    {%- set key = ['deal_id', 'participant_id', 'credit_role'] -%}
    select
        owner_splits.deal_id,
        sum(owner_splits.share) as total
    from (
        select
            standing.deal_id,
            standing.share
        from {{ typed }} as standing
        left join {{ checked }} as checked
            on standing._batch_no = checked._batch_no and standing._row = checked._row
        where standing.credit_role = 'owner' and checked._batch_no is null
        union all
        select
            broken.deal_id,
            cast(0 as decimal(13, 10)) as share
        from ({{ fates(typed, checked, key) }}) as broken
        where
            broken.state = 'quarantined'
            and broken.resolved_batch_no is null
            and broken.credit_role = 'owner'
            and broken.deal_id is not null
    ) as owner_splits
    group by owner_splits.deal_id
{%- endmacro %}

{# One row per deal with a quarantined line that no later version has mended: the first such line. #}
{% macro open_broken_lines() -%}
    select
        broken.deal_id,
        coalesce(min(broken.line), '') as line
    from ({{ fates(ref('typed_deal_lines'), ref('checked_deal_lines'), ['deal_id', 'line']) }}) as broken
    where
        broken.state = 'quarantined'
        and broken.resolved_batch_no is null
        and broken.deal_id is not null
    group by broken.deal_id
{%- endmacro %}

{# Won deals that say nothing of what was sold: no amount, no units, no line. #}
{% macro worthless_deals(typed, fault_no) -%}
    select
        child._batch_no,
        child._row,
        {{ fault_no }} as fault_no,
        'quarantined' as state,
        'required' as rule,
        'amount' as field,
        cast(null as varchar) as value,
        'an amount, units or lines, because the deal is won' as expected
    from {{ typed }} as child
    left join (select distinct deal_id from {{ ref('typed_deal_lines') }}) as lines on child.deal_id = lines.deal_id
    where
        child._broken is null
        and not child.is_deleted
        and child.status = 'won'
        and child.amount is null
        and child.units is null
        and lines.deal_id is null
{%- endmacro %}
