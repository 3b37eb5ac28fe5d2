# Runs the examples of docs/export.md, each in a namespace of its own in the folder of its export, and
# tells what those find that search: [{example, folder}] on stdin with the places to ask with, one
# line of JSON on stdout.
# Also what PyArrow says of the table of photos: its types and its first row.
import json
import os
import sys

import pyarrow.parquet as parquet


def answers(example, folder, places, count):
    os.chdir(folder)
    names = {}
    exec(example, names)
    if "nearest" not in names:
        return []
    found = [names["nearest"](place, count) for place in places]
    return [{"ids": list(ids), "values": [float(one) for one in values]} for ids, values in found]


def table(folder):
    photos = parquet.read_table(os.path.join(folder, "photos.parquet"))
    books = parquet.read_table(os.path.join(folder, "codebooks.parquet"))
    facts = photos.drop_columns(["descriptor", "kinship", "code"]).to_pylist()
    return {
        "types": {field.name: str(field.type) for field in photos.schema},
        "facts": [{**row, "date": row["date"] and row["date"].isoformat()} for row in facts],
        "codewords": books.num_rows,
    }


def main():
    task = json.load(sys.stdin)
    found = [
        answers(one["example"], one["folder"], task["places"], task["count"])
        for one in task["examples"]
    ]
    json.dump({"found": found, "table": table(task["table"])}, sys.stdout)


main()
