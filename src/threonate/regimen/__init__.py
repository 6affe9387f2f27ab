"""Products, doses and schedules, and the events they cause."""

from threonate.regimen.amounts import CompoundMass, ElementalMass, Milliequivalent, Millimole
from threonate.regimen.events import Eaters, dosing_events, swallowed_mmol
from threonate.regimen.product import DoseStatement, Product, describe_dose
from threonate.regimen.regimen import (
    ClockHours,
    Infusion,
    Regimen,
    Titration,
    clock_hours,
    dose_times,
    titration_over,
)

__all__ = [
    "ClockHours",
    "CompoundMass",
    "DoseStatement",
    "Eaters",
    "ElementalMass",
    "Infusion",
    "Milliequivalent",
    "Millimole",
    "Product",
    "Regimen",
    "Titration",
    "clock_hours",
    "describe_dose",
    "dose_times",
    "dosing_events",
    "swallowed_mmol",
    "titration_over",
]
