{{ config(materialized='table', meta=by_batch('deals')) }}
-- One row per landed row of deals: typed, with the first rule of its own that it breaks.
-- Amounts may be negative (goods given back). currency: not delivered, the company's.
with

delivered as (select * from {{ source('landing', 'deals') }}),

company as (select currency as company_currency from {{ source('inputs', 'run') }}),

typed as (
    select
        _batch_no,
        _row,
        deal_id,
        account_id,
        owner_id,
        product_id,
        name,
        stage,
        {{ as_word('status') }} as status,
        {{ as_word('deal_type') }} as deal_type,
        {{ as_money('amount') }} as amount,
        {{ as_code('currency') }} as currency,
        {{ as_number('units') }} as units,
        {{ as_money('cost') }} as cost,
        {{ as_money('list_amount') }} as list_amount,
        {{ as_date('created_on') }} as created_on,
        {{ as_date('expected_close_on') }} as expected_close_on,
        {{ as_date('won_on') }} as won_on,
        {{ as_date('lost_on') }} as lost_on,
        {{ as_integer('term_months') }} as term_months,
        {{ as_date('contract_start_on') }} as contract_start_on,
        {{ as_date('cancelled_on') }} as cancelled_on,
        renewal_of,
        {{ as_flag('is_deleted') }} as is_deleted,
        company_currency,
        {{ texts([
            'status', 'deal_type', 'amount', 'units', 'cost', 'list_amount', 'created_on', 'expected_close_on',
            'won_on', 'lost_on', 'term_months', 'contract_start_on', 'cancelled_on', 'is_deleted'
        ]) }}
    from delivered
    cross join company
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['deal_id']),
            row = mistyped(['amount', 'cost', 'list_amount'], 'money')
                + mistyped(['units'], 'number')
                + mistyped([
                      'created_on', 'expected_close_on', 'won_on', 'lost_on', 'contract_start_on',
                      'cancelled_on'
                  ], 'date')
                + mistyped(['term_months'], 'integer')
                + off_calendar([
                      'created_on', 'expected_close_on', 'won_on', 'lost_on', 'contract_start_on',
                      'cancelled_on'
                  ])
                + required(['owner_id', 'status'])
                + unknown_value('status', ['open', 'won', 'lost'])
                + unknown_value('deal_type', ['new', 'renewal', 'expansion'])
                + closed_without_date('won', 'won_on')
                + closed_without_date('lost', 'lost_on')
                + negative_beside_amount(['units', 'cost', 'list_amount'])
                + negative(['term_months'])
                + end_before_start('created_on', 'won_on')
                + end_before_start('created_on', 'lost_on')
                + end_before_start('won_on', 'cancelled_on')
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        deal_id,
        account_id,
        owner_id,
        product_id,
        name,
        stage,
        status,
        deal_type,
        amount,
        coalesce(currency, company_currency) as currency,
        units,
        cost,
        list_amount,
        created_on,
        expected_close_on,
        won_on,
        lost_on,
        term_months,
        contract_start_on,
        cancelled_on,
        renewal_of,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
