"""The problems that are measured, each a module with `make_problem(subjects)`."""
