"""An ordinary asv suite."""
