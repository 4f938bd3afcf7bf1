-- One row per deal and participant who shares it as owner: share, order of precedence and the sum of the shares before.
with

splits as (select * from {{ ref('stg_deal_splits') }} where credit_role = 'owner'),

ordered as (
    select
        deal_id,
        participant_id,
        share,
        row_number() over (partition by deal_id order by share desc, participant_id asc) as precedence
    from splits
    where share > 0
)

select * from ordered
