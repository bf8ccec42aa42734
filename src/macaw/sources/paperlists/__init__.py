"""Paper Copilot's lists of conference papers."""
