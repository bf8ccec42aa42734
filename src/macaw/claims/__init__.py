"""The ledger of claims: what an article says, the rule that settles it, and what the evidence says."""
