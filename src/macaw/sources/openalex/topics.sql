-- One row per work and topic that OpenAlex gives it, with subfield and field.
select
  work_id(number) as work,
  replace(t.id, 'https://openalex.org/', '') as openalex_topic,
  min(regexp_extract(t.subfield.id, '[0-9]+$')) as openalex_subfield,
  min(regexp_extract(t.field.id, '[0-9]+$')) as openalex_field,
  max(t.score) as topic_score
from (select number, unnest(w.topics) as t from fresh)
where t.id is not null
group by number, t.id
order by number, t.id
