"""paceline: contenders of an asv suite measured in turns, and verdicts that can be believed."""

__version__ = "0.1.0"
