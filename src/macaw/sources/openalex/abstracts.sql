-- One row per work with an abstract: its words in the order of their places.
select
  work_id(number) as work,
  array_to_string(
    list_select(
      flatten(list_transform(
        map_entries(w.abstract_inverted_index), lambda e: list_transform(e.value, lambda place: e.key)
      )),
      list_grade_up(flatten(map_values(w.abstract_inverted_index)))
    ),
    ' '
  ) as abstract
from fresh
where cardinality(w.abstract_inverted_index) > 0
order by number
