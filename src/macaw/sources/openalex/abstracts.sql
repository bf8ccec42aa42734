-- One row per work with an abstract: its words in the order of their places.
select
  'openalex/W' || number as work,
  array_to_string(
    list_transform(
      list_sort(flatten(list_transform(
        map_entries(w.abstract_inverted_index),
        lambda e: list_transform(e.value, lambda p: {'place': p, 'word': e.key})
      ))),
      lambda s: s.word
    ),
    ' '
  ) as abstract
from fresh
where cardinality(w.abstract_inverted_index) > 0
order by number
