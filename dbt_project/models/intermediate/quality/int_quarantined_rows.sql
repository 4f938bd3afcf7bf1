-- One row per landed row in quarantine, with the row as delivered and the batch that mended it since.
with

quarantined as (
    {{ quarantined_rows('participants', ['participant_id', 'effective_from']) }}
    union all
    {{ quarantined_rows('teams', ['team_id']) }}
    union all
    {{ quarantined_rows('absences', ['participant_id', 'from_date']) }}
    union all
    {{ quarantined_rows('targets', ['participant_id', 'team_id', 'kpi', 'period', 'revision']) }}
    union all
    {{ quarantined_rows('accounts', ['account_id']) }}
    union all
    {{ quarantined_rows('products', ['product_id']) }}
    union all
    {{ quarantined_rows('leads', ['lead_id']) }}
    union all
    {{ quarantined_rows('deals', ['deal_id']) }}
    union all
    {{ quarantined_rows('deal_lines', ['deal_id', 'line']) }}
    union all
    {{ quarantined_rows('deal_stages', ['deal_id', 'entered_at']) }}
    union all
    {{ quarantined_rows('deal_splits', ['deal_id', 'participant_id', 'credit_role']) }}
    union all
    {{ quarantined_rows('activities', ['activity_id']) }}
    union all
    {{ quarantined_rows('invoices', ['invoice_id', 'deal_id']) }}
    union all
    {{ quarantined_rows('payments', ['payment_id']) }}
    union all
    {{ quarantined_rows('credit_notes', ['credit_note_id']) }}
    union all
    {{ quarantined_rows('renewals', ['renewal_id']) }}
    union all
    {{ quarantined_rows('fx_rates', ['currency', 'rate_on']) }}
    union all
    {{ quarantined_rows('kpi_inputs', ['participant_id', 'team_id', 'kpi', 'period']) }}
    union all
    {{ quarantined_rows('market_sizes', ['region', 'period']) }}
    union all
    {{ quarantined_rows('survey_responses', ['response_id', 'question']) }}
    union all
    {{ quarantined_rows('training', ['participant_id', 'course']) }}
    union all
    {{ quarantined_rows('objectives', ['objective_id']) }}
    union all
    {{ quarantined_rows('coaching', ['session_id']) }}
    union all
    {{ quarantined_rows('disputes', ['dispute_id']) }}
)

select * from quarantined
