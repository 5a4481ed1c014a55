"""The process that reads web pages; like the one that parses feeds (`worker`), with what only pages need."""

from functools import partial

from monitor.sources import main_text, page, worker

if __name__ == "__main__":
    worker.main(partial(page.read, main_text.find))
