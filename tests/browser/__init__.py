"""The page in a real browser: every request is watched, and none may leave the machine."""
