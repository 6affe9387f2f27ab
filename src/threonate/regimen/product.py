"""A compound as it is sold: what the label says it holds, and what the formula says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from threonate.errors import RegimenError
from threonate.evidence import Compound
from threonate.regimen.amounts import CompoundMass, ElementalMass, Milliequivalent, Millimole
from threonate.units import MAGNESIUM_MG_PER_MMOL, MEQ_PER_MMOL

Content = Literal["label", "formula"]
_MG_PER_G = 1000.0
_MOST_TIMES_FORMULA = 2.0  # labels are rounded and blends exist; twice the pure compound is a slip of the unit


@dataclass(frozen=True, slots=True)
class Product:
    """A compound with the elemental content of its label.

    label_mg_per_g   elemental magnesium per gram of compound as printed; the compound's usual label when None
    Raises           RegimenError when the label can not be the magnesium in a gram of this compound
    """

    compound: Compound
    label_mg_per_g: float | None = None

    def __post_init__(self) -> None:
        label = self.label_mg_per_g
        if label is None:
            return
        most = min(_MG_PER_G, _MOST_TIMES_FORMULA * self.formula_mg_per_g)
        if not 0.0 < label <= most:
            allowed = f"above 0 and at most {most:.4g} mg of magnesium per gram" if most else "left out: it holds none"
            raise RegimenError(
                f"label_mg_per_g is {label} for {self.compound.title}, which by formula holds "
                f"{self.formula_mg_per_g:.4g} mg/g; it must be {allowed}. "
                "Give the magnesium in one gram of the compound, not the mass of the compound."
            )

    @property
    def formula_mg_per_g(self) -> float:
        """Elemental content by formula [mg/g]."""
        return _MG_PER_G * self.compound.magnesium_atoms * MAGNESIUM_MG_PER_MMOL / self.compound.molar_mass

    @property
    def printed_mg_per_g(self) -> float | None:
        """Elemental content by label, of this product or else the usual one of the compound [mg/g]."""
        return self.compound.label_mg_per_g if self.label_mg_per_g is None else self.label_mg_per_g

    @property
    def content_from(self) -> Content:
        """Where the content that the model uses comes from."""
        return "formula" if self.printed_mg_per_g is None else "label"

    @property
    def used_mg_per_g(self) -> float:
        """The content the model uses: the label where there is one, else the formula [mg/g]."""
        printed = self.printed_mg_per_g
        return self.formula_mg_per_g if printed is None else printed

    @property
    def magnesium_share_of_counter_ion(self) -> float:
        """Charges of magnesium per counter-ion, at most 1; 1 for a pure salt, 0 without magnesium or counter-ion.

        By formula on both sides: water or rounding on a label lowers the magnesium and the counter-ion alike.
        """
        ions = self.compound.counter_ions_per_formula if self.compound.counter_ion else 0
        return min(1.0, MEQ_PER_MMOL * self.compound.magnesium_atoms / ions) if ions else 0.0

    def label_elemental(self, mass: CompoundMass) -> ElementalMass | None:
        """Magnesium in a mass of the compound by label; None where no label is known."""
        printed = self.printed_mg_per_g
        return None if printed is None else ElementalMass(_compound_mg(mass) * printed / _MG_PER_G)

    def formula_elemental(self, mass: CompoundMass) -> ElementalMass:
        """Magnesium in a mass of the compound by formula."""
        return ElementalMass(_compound_mg(mass) * self.formula_mg_per_g / _MG_PER_G)

    def elemental(self, mass: CompoundMass) -> ElementalMass:
        """Magnesium in a mass of the compound, as the model uses it."""
        return ElementalMass(_compound_mg(mass) * self.used_mg_per_g / _MG_PER_G)

    def compound_mass(self, magnesium: ElementalMass) -> CompoundMass:
        """Mass of the compound that holds this much magnesium.

        Raises    RegimenError for a compound without magnesium, TypeError for a mass of compound
        """
        if not isinstance(magnesium, ElementalMass):
            raise TypeError(f"compound_mass takes an ElementalMass; it was given {magnesium!r}. {_HOW_TO_SAY}")
        if self.used_mg_per_g <= 0.0:
            raise RegimenError(f"{self.compound.title} holds no magnesium. State its dose as compound_mg.")
        return CompoundMass(magnesium.mg * _MG_PER_G / self.used_mg_per_g)

    def counter_ion_mmol(self, mass: CompoundMass) -> float:
        """Counter-ion that is followed as a molecule of its own [mmol]; 0 for most compounds."""
        if not self.compound.counter_ion:
            return 0.0
        return _compound_mg(mass) / self.compound.molar_mass * self.compound.counter_ions_per_formula


_HOW_TO_SAY = "Say which mass is meant: CompoundMass for the whole salt, ElementalMass for the magnesium in it."


def elemental_of(mass: CompoundMass, product: Product) -> ElementalMass:
    """Magnesium in a mass of a product, by the content the model uses.

    Raises    TypeError when `mass` is anything but a CompoundMass

    >>> from threonate.evidence import read_catalogue
    >>> threonate = Product(read_catalogue().compounds["l_threonate"], label_mg_per_g=72)
    >>> elemental_of(CompoundMass(2000), threonate)
    ElementalMass(mg=144.0)
    """
    return product.elemental(mass)


def compound_of(magnesium: ElementalMass | Millimole | Milliequivalent, product: Product) -> CompoundMass:
    """Mass of a product that holds an amount of magnesium, by the content the model uses.

    Raises    RegimenError for a compound without magnesium, TypeError for a mass of compound

    >>> from threonate.evidence import read_catalogue
    >>> compound_of(ElementalMass(144), Product(read_catalogue().compounds["l_threonate"], label_mg_per_g=72))
    CompoundMass(mg=2000.0)
    """
    if isinstance(magnesium, Milliequivalent):
        magnesium = magnesium.millimole
    if isinstance(magnesium, Millimole):
        magnesium = magnesium.elemental
    return product.compound_mass(magnesium)


def millimole_of(mass: CompoundMass, product: Product) -> Millimole:
    """Magnesium in a mass of a product [mmol], by the content the model uses.

    Raises    TypeError when `mass` is anything but a CompoundMass

    >>> from threonate.evidence import read_catalogue
    >>> oxide = Product(read_catalogue().compounds["oxide"])
    >>> round(millimole_of(CompoundMass(40.304), oxide).value, 6)
    1.0
    """
    return product.elemental(mass).millimole


def milliequivalent_of(mass: CompoundMass, product: Product) -> Milliequivalent:
    """Magnesium in a mass of a product [mEq], by the content the model uses.

    Raises    TypeError when `mass` is anything but a CompoundMass

    >>> from threonate.evidence import read_catalogue
    >>> oxide = Product(read_catalogue().compounds["oxide"])
    >>> round(milliequivalent_of(CompoundMass(40.304), oxide).value, 6)
    2.0
    """
    return millimole_of(mass, product).milliequivalent


@dataclass(frozen=True, slots=True)
class DoseStatement:
    """One dose said in every way, so that no reader has to guess.

    by_label          magnesium by label; by formula where no label is known (content_from tells)
    by_formula        magnesium by formula
    amount, charge    magnesium as the model uses it
    counter_ion_mmol  counter-ion that is followed as a molecule of its own [mmol]
    content_from      which of the two contents the model uses
    """

    compound: CompoundMass
    by_label: ElementalMass
    by_formula: ElementalMass
    amount: Millimole
    charge: Milliequivalent
    counter_ion_mmol: float
    content_from: Content

    @property
    def used(self) -> ElementalMass:
        """Magnesium as the model uses it."""
        return self.by_label if self.content_from == "label" else self.by_formula


def describe_dose(product: Product, mass: CompoundMass) -> DoseStatement:
    """A mass of a product in mg of compound, mg of magnesium by label and by formula, mmol and mEq.

    A dose that was stated as magnesium comes here through compound_of.
    Raises    TypeError when `mass` is anything but a CompoundMass

    >>> from threonate.evidence import read_catalogue
    >>> dose = describe_dose(Product(read_catalogue().compounds["l_threonate"]), CompoundMass(2000))
    >>> dose.content_from, dose.used == dose.by_label, round(dose.by_formula.mg, 1), round(dose.counter_ion_mmol, 2)
    ('label', True, 165.1, 13.58)
    """
    used = product.elemental(mass)
    return DoseStatement(
        compound=mass,
        by_label=product.label_elemental(mass) or used,
        by_formula=product.formula_elemental(mass),
        amount=used.millimole,
        charge=used.millimole.milliequivalent,
        counter_ion_mmol=product.counter_ion_mmol(mass),
        content_from=product.content_from,
    )


def _compound_mg(mass: CompoundMass) -> float:
    if not isinstance(mass, CompoundMass):
        raise TypeError(f"A CompoundMass belongs here; it was given {mass!r}. {_HOW_TO_SAY}")
    return mass.mg
