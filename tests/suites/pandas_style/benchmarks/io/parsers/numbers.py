"""Two packages deep: ``io.parsers.numbers.Parse.time_parse``."""

# ruff: noqa: RUF012

from ...vb_common import setup  # noqa: F401


class Parse:
    params = [[",", "\t", " "]]
    param_names = ["separator"]

    def setup(self, separator):
        self.line = separator.join(map(str, range(200)))

    def time_parse(self, separator):
        return [int(word) for word in self.line.split(separator)]
