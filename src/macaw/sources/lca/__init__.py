"""Labor condition applications with employer and job title."""
