-- One row per machine-read mention and investor that is an organisation known by exactly that name. The amount is kept
-- for the reader beside its sentences; it is not to be summed.
select
  m.mention,
  n.organisation as investor_organisation,
  i.investor,
  m.company,
  t.organisation as company_organisation,
  m.period,
  m.round,
  m.amount,
  m.currency,
  m.sentences,
  m.source
from source_mentions as m
join source_mention_investors as i on i.mention = m.mention
join exact_names as n on n.label = lower(i.investor)
left join exact_names as t on t.label = lower(m.company)
