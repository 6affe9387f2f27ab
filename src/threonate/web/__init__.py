"""The page and its typed interface: what the command line answers, over HTTP on this machine."""

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # its tables are small and many, and two cores have better work to do
