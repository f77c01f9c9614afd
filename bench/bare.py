"""The yardstick: bare ``nlp.pipe`` over texts, in as many processes as the ingest uses.

``python -m bench.bare MODEL TEXTS.jsonl PROCESSES`` prints seconds and words as JSON. Each process
loads the model whole and pipes its share with batch size 16; nothing is sent back. ``seconds`` is
counted from the moment when all have loaded the model.
"""
from __future__ import annotations

import json
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any

BATCH = 16


def pipe(model: str, texts: list[str], ready: Any, ends: Any) -> None:
    """One process: load, wait for the others, pipe, say when it was done."""
    import spacy

    nlp = spacy.load(model)
    nlp.max_length = max(nlp.max_length, *(len(text) + 1 for text in texts), 0)
    ready.wait()
    began = time.time()
    for _ in nlp.pipe(texts, batch_size=BATCH):
        pass
    ends.put((began, time.time()))


def main() -> None:
    model, path, processes = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    texts = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts.sort(key=len)  # so that the shares are of about one size
    context = multiprocessing.get_context("spawn")
    ready, ends = context.Barrier(processes), context.Queue()
    started = [
        context.Process(target=pipe, args=(model, texts[number::processes], ready, ends)) for number in range(processes)
    ]
    for process in started:
        process.start()
    times = [ends.get() for _ in started]
    for process in started:
        process.join()
    seconds = max(end for _, end in times) - min(begin for begin, _ in times)
    sys.stdout.write(json.dumps({"seconds": seconds, "words": sum(len(text.split()) for text in texts)}) + "\n")


if __name__ == "__main__":
    main()
