"""Products, doses and schedules, and the events they cause."""

from threonate.regimen.amounts import CompoundMass, ElementalMass, Milliequivalent, Millimole
from threonate.regimen.events import Eaters, dosing_events, swallowed_mmol
from threonate.regimen.infusion import Infusion, infusion_of
from threonate.regimen.product import (
    DoseStatement,
    Product,
    compound_of,
    describe_dose,
    elemental_of,
    milliequivalent_of,
    millimole_of,
)
from threonate.regimen.regimen import Regimen, Titration, titration_over
from threonate.regimen.schedule_defaults import Schedule, clock_hours, dose_times

__all__ = [
    "CompoundMass",
    "DoseStatement",
    "Eaters",
    "ElementalMass",
    "Infusion",
    "Milliequivalent",
    "Millimole",
    "Product",
    "Regimen",
    "Schedule",
    "Titration",
    "clock_hours",
    "compound_of",
    "describe_dose",
    "dose_times",
    "dosing_events",
    "elemental_of",
    "infusion_of",
    "milliequivalent_of",
    "millimole_of",
    "swallowed_mmol",
    "titration_over",
]
