# Answers queries with faiss-cpu's FastScan (IndexPQFastScan) on the codes that the bench hands
# over, one query a line, single-threaded. Started by tests/bench/search/faiss.ts; talks JSON lines.
import json
import sys
import time

import faiss
import numpy

faiss.omp_set_num_threads(1)


def load(task):
    """Builds the index from raw files: codebooks and queries f32, codes [n, M/2]."""
    books, length = task["M"], task["L"]
    index = faiss.IndexPQ(books * length, books, 4)
    faiss.copy_array_to_vector(numpy.fromfile(task["codebooks"], "float32"), index.pq.centroids)
    index.is_trained = True
    codes = numpy.fromfile(task["codes"], "uint8")
    index.ntotal = len(codes) // (books // 2)
    faiss.copy_array_to_vector(codes, index.codes)
    queries = numpy.fromfile(task["queries"], "float32").reshape(-1, books * length)
    return faiss.IndexPQFastScan(index), queries


def main():
    index = queries = None
    for line in sys.stdin:
        task = json.loads(line)
        if "codes" in task:
            index, queries = load(task)
            answer = {"version": faiss.__version__, "codes": index.ntotal}
        else:
            query = queries[task["query"] : task["query"] + 1]
            wall, busy = time.perf_counter(), time.process_time()
            _, ids = index.search(query, task["k"])
            wall, busy = time.perf_counter() - wall, time.process_time() - busy
            answer = {"wall": wall * 1e3, "busy": busy * 1e3, "ids": ids[0].tolist()}
        print(json.dumps(answer), flush=True)


main()
