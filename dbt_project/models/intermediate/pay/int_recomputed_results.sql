-- One row per window and month, windows computed again without what events took from them included: what it has earned so
-- far, step by step: rates → multiplier → gate → minimum → cap.
{{ modified(ref('int_rated_months')) }}
