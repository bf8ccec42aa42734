"""Which frameworks of machine learning an organisation's source trees import."""
