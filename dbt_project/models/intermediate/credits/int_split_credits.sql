-- One row per line of a split deal and sharing participant: their parts, which add up to the line exactly.
-- Parts are cut to the minor unit of the deal's currency; the units left over go one each to the largest share first.
with

won_lines as (select * from {{ ref('int_won_lines') }}),

shares as (select * from {{ ref('int_split_shares') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

cut as (
    select
        won_lines.*,
        shares.participant_id,
        shares.share,
        shares.precedence,
        {{ minor_unit('currencies.minor_units') }} as unit,
        {{ cut_part('won_lines.amount', 'shares.share', minor_unit('currencies.minor_units')) }} as cut_amount,
        {{ cut_part('won_lines.cost', 'shares.share', minor_unit('currencies.minor_units')) }} as cut_cost,
        {{ cut_part('won_lines.list_amount', 'shares.share', minor_unit('currencies.minor_units')) }}
            as cut_list_amount,
        {{ cut_part('won_lines.units', 'shares.share', 'cast(0.000001 as decimal(7, 6))') }} as cut_units
    from won_lines
    inner join shares on won_lines.deal_id = shares.deal_id
    inner join currencies on won_lines.currency = currencies.currency
),

left_over as (
    select
        *,
        {{ money('amount - sum(cut_amount) over (partition by deal_id, line)') }} as left_amount,
        {{ money('cost - sum(cut_cost) over (partition by deal_id, line)') }} as left_cost,
        {{ money('list_amount - sum(cut_list_amount) over (partition by deal_id, line)') }} as left_list_amount,
        {{ money('units - sum(cut_units) over (partition by deal_id, line)') }} as left_units
    from cut
),

split_credits as (
    select
        deal_id,
        line,
        participant_id,
        share,
        {{ money("cut_amount + " ~ returned_part('left_amount', 'precedence', 'unit')) }} as amount,
        {{ money("cut_cost + " ~ returned_part('left_cost', 'precedence', 'unit')) }} as cost,
        {{ money("cut_list_amount + " ~ returned_part('left_list_amount', 'precedence', 'unit')) }} as list_amount,
        {{ money("cut_units + " ~ returned_part('left_units', 'precedence', 'cast(0.000001 as decimal(7, 6))')) }}
            as units
    from left_over
)

select * from split_credits
