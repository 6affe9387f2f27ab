"""Safety findings: what a regimen and its simulated levels touch on the shelf of limits."""

from threonate.safety.exposure import Exposure
from threonate.safety.findings import SEVERITIES, SafetyFinding, check_limits, plain_disclaimer

__all__ = ["SEVERITIES", "Exposure", "SafetyFinding", "check_limits", "plain_disclaimer"]
