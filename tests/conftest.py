"""What all tests share: no example of a property test fails for being slow, only for being wrong."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
