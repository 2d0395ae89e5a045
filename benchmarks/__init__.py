"""The questions: an asv suite over ``paceline_models``. It needs asv and nothing else to run."""
