{# The day whose exchange rate a deal needs: of winning, or of losing where there is an amount to convert. #}
{% macro closing_day() -%}
    case
        when child.status = 'won' then child.won_on
        when child.status = 'lost' and child.amount is not null then child.lost_on
    end
{%- endmacro %}

{# One row per deal with splits of the credit role owner: the sum of those that stand. A deal whose owner splits are all
   broken sums to 0: it must not fall back to its owner. #}
{% macro owner_split_totals() -%}
    {%- set typed = ref('typed_deal_splits') -%}
    {%- set checked = ref('checked_deal_splits') -%}
    select
        owner_splits.deal_id,
        sum(owner_splits.share) as total
    from (
        select
            deal_id,
            share
        from {{ typed }} as typed
        where
            credit_role = 'owner'
            and {{ is_none_of('typed', [checked]) }}
        union all
        select
            broken.deal_id,
            cast(0 as decimal(13, 10)) as share
        from {{ typed }} as broken
        where broken.credit_role = 'owner' and {{ is_open_fault('broken', typed, checked, ['deal_id', 'participant_id', 'credit_role']) }}
    ) as owner_splits
    group by owner_splits.deal_id
{%- endmacro %}

{# One row per deal with a quarantined line that no later version has mended: the first such line. #}
{% macro open_broken_lines() -%}
    {%- set typed = ref('typed_deal_lines') -%}
    select
        broken.deal_id,
        coalesce(min(broken.line), '') as line
    from {{ typed }} as broken
    where
        broken.deal_id is not null
        and {{ is_open_fault('broken', typed, ref('checked_deal_lines'), ['deal_id', 'line']) }}
    group by broken.deal_id
{%- endmacro %}

{# The row is quarantined and no later valid version of its key, or deletion, has settled it. #}
{% macro is_open_fault(alias, typed, rejected, key) -%}
    exists (
        select 1 from {{ rejected }} as refused
        where
            refused.state = 'quarantined'
            and refused._batch_no = {{ alias }}._batch_no
            and refused._row = {{ alias }}._row
    )
    and not exists (
        select 1 from ({{ later_valid_versions(typed, rejected, key) }}) as settled
        where settled._batch_no = {{ alias }}._batch_no and settled._row = {{ alias }}._row
    )
{%- endmacro %}
