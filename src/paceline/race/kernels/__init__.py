"""The suite that paceline measures itself with: an ordinary asv suite. Nothing of ours is imported."""
