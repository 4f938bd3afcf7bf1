-- However many events hit a deal: the parts they take back of its earnings add up to the whole at most.
select
    plan_version_id,
    component,
    deal_id,
    sum(share) as taken
from {{ ref('int_clawback_shares') }}
group by plan_version_id, component, deal_id
having sum(share) > 1 or min(share) < 0
