-- One row per participant, plan version, override component and month: what it earned, step by step (see
-- int_window_results).
{{ modified(ref('int_override_months')) }}
