"""The page and its typed interface: what the command line answers, over HTTP on this machine."""
