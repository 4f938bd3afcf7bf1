{% test grain_is_unique(model, columns) %}
-- No two rows share the columns that the model says make a row.
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
