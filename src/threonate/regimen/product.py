"""A compound as it is sold: what the label says it holds, and what the formula says."""

from __future__ import annotations

from dataclasses import dataclass

from threonate.errors import RegimenError
from threonate.evidence import Compound
from threonate.regimen.amounts import CompoundMass, ElementalMass, Milliequivalent, Millimole
from threonate.units import MAGNESIUM_MG_PER_MMOL

_MG_PER_G = 1000.0


@dataclass(frozen=True, slots=True)
class Product:
    """A compound with the elemental content of its label.

    label_mg_per_g   elemental magnesium per gram of compound as printed; the compound's usual label when None
    Raises           RegimenError when the label promises more than pure magnesium
    """

    compound: Compound
    label_mg_per_g: float | None = None

    def __post_init__(self) -> None:
        label = self.label_mg_per_g
        if label is not None and not 0.0 < label <= _MG_PER_G:
            raise RegimenError(
                f"label_mg_per_g is {label} for {self.compound.title}; it must be above 0 and at most {_MG_PER_G:g} mg "
                "of magnesium per gram. Copy the elemental content from the label."
            )

    @property
    def formula_mg_per_g(self) -> float:
        """Elemental content by formula [mg/g]."""
        return _MG_PER_G * self.compound.magnesium_atoms * MAGNESIUM_MG_PER_MMOL / self.compound.molar_mass

    @property
    def used_mg_per_g(self) -> float:
        """The content the model uses: the label where there is one, else the formula [mg/g]."""
        label = self.label_mg_per_g if self.label_mg_per_g is not None else self.compound.label_mg_per_g
        return self.formula_mg_per_g if label is None else label

    def elemental(self, mass: CompoundMass) -> ElementalMass:
        """Magnesium in a mass of the compound."""
        return ElementalMass(mass.mg * self.used_mg_per_g / _MG_PER_G)

    def compound_mass(self, magnesium: ElementalMass) -> CompoundMass:
        """Mass of the compound that holds this much magnesium.

        Raises    RegimenError for a compound without magnesium
        """
        if self.used_mg_per_g <= 0.0:
            raise RegimenError(f"{self.compound.title} holds no magnesium. State its dose as compound_mg.")
        return CompoundMass(magnesium.mg * _MG_PER_G / self.used_mg_per_g)

    def counter_ion_mmol(self, mass: CompoundMass) -> float:
        """Counter-ion that is followed as a molecule of its own [mmol]; 0 for most compounds."""
        if not self.compound.counter_ion:
            return 0.0
        return mass.mg / self.compound.molar_mass * self.compound.counter_ions_per_formula


@dataclass(frozen=True, slots=True)
class DoseStatement:
    """One dose said in every way, so that no reader has to guess."""

    compound: CompoundMass
    by_label: ElementalMass
    by_formula: ElementalMass
    amount: Millimole
    charge: Milliequivalent
    counter_ion_mmol: float


def describe_dose(product: Product, mass: CompoundMass) -> DoseStatement:
    """A mass of a product in mg of compound, mg of magnesium by label and by formula, mmol and mEq."""
    used = product.elemental(mass)
    return DoseStatement(
        compound=mass,
        by_label=used,
        by_formula=ElementalMass(mass.mg * product.formula_mg_per_g / _MG_PER_G),
        amount=used.millimole,
        charge=used.millimole.milliequivalent,
        counter_ion_mmol=product.counter_ion_mmol(mass),
    )
