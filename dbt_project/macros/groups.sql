{# The group a participant competes or shares in: the team, the role or the whole company. #}
{% macro group_of(within, people) -%}
    case {{ within }}
        when 'team' then coalesce({{ people }}.team_id, '')
        when 'role' then coalesce({{ people }}.role, '')
        else 'company'
    end
{%- endmacro %}
