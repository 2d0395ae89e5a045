"""The dashboard: from a report, a history and what lies beside them to one HTML file that needs nothing."""
