# ruff: noqa: RUF012

from ..vb_common import FileIO


class WriteLines(FileIO):
    params = [[10, 1_000], ["\n", "\r\n"]]
    param_names = ["lines", "end"]

    def setup(self, lines, end):
        super().setup()
        self.text = f"1,2,3{end}" * lines

    def time_write(self, lines, end):
        self.path.write_text(self.text)

    def peakmem_write(self, lines, end):
        self.path.write_text(self.text)
