"""Pure functions from data to Markdown and figures, and one writer."""
