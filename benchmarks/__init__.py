"""What the engine and a whole run cost, measured beside other solvers. `python -m benchmarks` lists what there is."""
