"""Runs the code cells of a notebook one after the other, with nothing but what they import."""

import json
import os
import sys

os.environ.setdefault("MPLBACKEND", "Agg")  # plots go into files
with open(sys.argv[1]) as file:
    cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
space = {"__name__": "__main__"}
for number, cell in enumerate(cells, 1):
    exec(compile("".join(cell["source"]), f"{sys.argv[1]}, code cell {number}", "exec"), space)
