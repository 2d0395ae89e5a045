"""Data that the timed call uses up or makes grow: a call needs its own setup, or is another question."""

# ruff: noqa: RUF012

from .vb_common import setup  # noqa: F401


class Drain:
    """Empties its dictionary: the second call without setup raises KeyError."""

    params = [[100, 1_000]]
    param_names = ["n"]

    def setup(self, n):
        self.left = {number: str(number) for number in range(n)}

    def time_popitem(self, n):
        for _ in range(n):
            self.left.popitem()


class Grow:
    """Appends to a list that lives as long as its process."""

    def __init__(self):
        self.log = []

    def time_append(self):
        self.log.append(None)


class Lookup:
    """Texts as parameters: quotes, commas, brackets, a newline, nothing at all, and not only ASCII."""

    params = [["it's", 'say "no"', "a, b", "(x)", "line\nline", "", "naïve – 行", "back\\slash"]]
    param_names = ["text"]

    def setup(self, text):
        self.words = {text: 1, "other": 2}

    def time_find(self, text):
        for _ in range(10):
            self.words[text]
