"""A peer's side of the protocol: JSON lines on stdin, one answer each. {"prepare": config} sets up a computation, {"steps": n}
runs it n times and answers with the milliseconds of each; {"more": ...} whatever else the case asks for."""

import json
import os
import resource
import sys
import time

import torch

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
answers = sys.stdout
sys.stdout = sys.stderr  # What libraries print is no answer.


def answer(message):
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def serve(prepare):
    """prepare(config) returns a function that runs one step and returns something that float() takes, or None."""
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        started = time.perf_counter()
        if "prepare" in request:
            step = prepare(request["prepare"])
            took = (time.perf_counter() - started) * 1e3
            answer({"milliseconds": took, "version": torch.__version__, **getattr(step, "about", {})})
            continue
        times = []
        value = None
        for _ in range(request["steps"]):
            started = time.perf_counter()
            value = step()
            times.append((time.perf_counter() - started) * 1e3)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answer({"times": times, "value": None if value is None else float(value), "peakMiB": peak})
