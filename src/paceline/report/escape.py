"""Where reports take their escaping from: ``paceline.escape``, which alerts use, too."""

from paceline.escape import figure, markdown, plain, slug

__all__ = ["figure", "markdown", "plain", "slug"]
