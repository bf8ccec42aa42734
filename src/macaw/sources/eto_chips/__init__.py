"""The supply chain of advanced chips: what is needed, who provides it, with which share."""
