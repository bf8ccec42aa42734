"""PatentsView: patents granted in the United States, with disambiguated assignees and inventors."""
