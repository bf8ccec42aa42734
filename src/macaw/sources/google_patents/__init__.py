"""Google Patents Public Data: documents of all offices, as BigQuery exports them."""
