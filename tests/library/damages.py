"""What can be broken on the shelf, one thing at a time."""

from __future__ import annotations

from tests.library.damage import NOWHERE, Damage, append, cut, duplicate, overwrite, remove, swap

GUT, KIDNEY, BONE, CSF = (f"organs/{organ}/parameters.csv" for organ in ("gut", "kidney", "bone", "csf"))
KIDNEY_TEXT, BONE_TEXT = "organs/kidney/kidney.ant", "organs/bone/bone.ant"
BOHN, OXIDE, PHYTATE = "sources/bohn_2004.toml", "compounds/oxide.toml", "conditions/phytate_rich_meals.toml"
PEOPLE, SALT_LINK = "populations/healthy_adult.toml", "links/salt_to_csf.toml"
NEW_ROW = "{},1,per_h,,,0,0,fixed,0,assumed,threonate_project,MOD20,human,x"
T_ROW, K_A_ROW = "T,0.5967,mmol_per_L", "k_a,0.0190,per_h,,,"

UNITS = {
    "unit of a level": Damage(
        swap(KIDNEY, T_ROW, "T,0.5967,mmol_per_h"), KIDNEY, "T,", ("'T'", "mmol_per_h", "mmol_per_L"), "unit"
    ),
    "unit of a flow, in the text": Damage(
        swap(BONE_TEXT, "PS has L_per_h", "PS has mL_per_min"), BONE, "PS,", ("'PS'", "L_per_h", "mL_per_min"), "unit"
    ),
    "unit of a port": Damage(swap("ports.csv", "22,litre", "22,mL"), "ports.csv", "V_plasma", ("litre", "mL"), "unit"),
    "unknown unit of a port": Damage(
        swap("ports.ant", "Mg_colon has mmol;", "Mg_colon has mmool;"),
        "ports.ant",
        "Mg_colon has",
        ("mmool",),
        "'mmol'",
    ),
    "unknown unit in an organ": Damage(
        swap(BONE_TEXT, "B_0 has mmol", "B_0 has mmool"), BONE_TEXT, "B_0 has", ("mmool", "not defined"), "'mmol'"
    ),
}
SYMBOLS = {
    "port misspelt in the model line": Damage(
        swap(KIDNEY_TEXT, "Kidney(Mg_plasma,", "Kidney(Mg_plasm,"),
        KIDNEY_TEXT,
        "model Kidney",
        ("'Mg_plasm'", "ports.ant"),
        "'Mg_plasma'",
    ),
    "port misspelt in a reaction": Damage(
        swap(KIDNEY_TEXT, "excretion: Mg_plasma", "excretion: Mg_plsma"),
        KIDNEY_TEXT,
        "excretion:",
        ("'Mg_plsma'",),
        "'Mg_plasma'",
    ),
    "port left out of the model line": Damage(
        swap(KIDNEY_TEXT, "Kidney(Mg_plasma, GFR,", "Kidney(Mg_plasma,"),
        KIDNEY_TEXT,
        "excretion:",
        ("'GFR'",),
        "model line",
    ),
    "constant misspelt where it is declared": Damage(
        swap(KIDNEY_TEXT, "const k_dial; ", "const k_dail; "),
        KIDNEY_TEXT,
        "const k_dail",
        ("'k_dail'", "no row"),
        "'k_dial'",
    ),
    "constant misspelt in a formula": Damage(
        swap(KIDNEY_TEXT, "k_dial * (Mg", "k_dail * (Mg"), KIDNEY_TEXT, "dialysis:", ("'k_dail'",), "'k_dial'"
    ),
    "row without a symbol": Damage(
        append(GUT, NEW_ROW.format("k_b")), GUT, "k_b,", ("'k_b'", "no symbol in gut.ant"), "remove the row"
    ),
    "symbol without a row": Damage(
        swap(KIDNEY, "fu,0.70", "fu_x,0.70"), KIDNEY_TEXT, "const fu;", ("'fu'", "no row"), "'fu_x'"
    ),
    "species in no place": Damage(
        swap("places.toml", '"plasma.Mg_fast"', '"plasma.Mg_fsat"'),
        "places.toml",
        "plasma.Mg_fsat",
        ("'plasma.Mg_fsat'", "not a species"),
        "'plasma.Mg_fast'",
    ),
    "species in two places": Damage(
        swap("places.toml", '["kidney.Mg_urine"]', '["kidney.Mg_urine", "plasma.Mg_sweat"]'),
        "places.toml",
        "plasma.Mg_sweat",
        ("'plasma.Mg_sweat'", "two places"),
        "one",
    ),
    "condition on nothing": Damage(
        swap(PHYTATE, '"gut.phytate"', '"gut.phytat"'), PHYTATE, "gut.phytat", ("'gut.phytat'",), "'gut.phytate'"
    ),
    "correlation of nothing": Damage(swap(PEOPLE, '"gut.Vm"', '"gut.VM"'), PEOPLE, "gut.VM", ("'gut.VM'",), "'gut.Vm'"),
}
ROWS = {
    "no basis": Damage(
        swap(KIDNEY, "lognormal,0,fitted,threonate_project,MOD03", "lognormal,0,,threonate_project,MOD03"),
        KIDNEY,
        "T,",
        ("'T'", "basis is missing"),
        "assumed",
    ),
    "no source": Damage(
        swap(KIDNEY, "fitted,threonate_project,MOD03", "fitted,,MOD03"),
        KIDNEY,
        "T,",
        ("source is missing",),
        "sources/",
    ),
    "negative spread": Damage(
        swap(GUT, f"{K_A_ROW}0.25", f"{K_A_ROW}-0.25"), GUT, "k_a,", ("'k_a'", "-0.25", "spread"), "between 0 and 2"
    ),
    "spread of a factor of thousands": Damage(
        swap(GUT, f"{K_A_ROW}0.25", f"{K_A_ROW}9"), GUT, "k_a,", ("'k_a'", "9", "spread"), "between 0 and 2"
    ),
    "spread of a dissolution rate": Damage(
        swap(OXIDE, "between_sd = 0.4", "between_sd = -4"), OXIDE, "between_sd = -4", ("k_s", "spread"), "between 0"
    ),
    "value outside its range": Damage(
        swap(GUT, "k_fast,2.0", "k_fast,20"), GUT, "k_fast,", ("'k_fast'", "outside"), "Correct"
    ),
    "value that is no number": Damage(
        swap(GUT, "k_fast,2.0", "k_fast,nan"), GUT, "k_fast,", ("'k_fast'", "finite"), "number"
    ),
    "row twice": Damage(
        append(GUT, NEW_ROW.format("k_fast")),
        GUT,
        "k_fast,1,",
        ("'k_fast'", "already stands in line 2"),
        "one of the two",
    ),
    "comma outside quotes": Damage(
        swap(BONE, "Deep bone.", "Deep, bone."), BONE, "D_0,", ("'D_0'", "too many cells"), "quotes"
    ),
    "salt that never dissolves": Damage(
        cut(OXIDE, "[k_i]"), OXIDE, "dissolved_share", ("k_i", "never dissolves"), "[k_i]"
    ),
}
SOURCES = {
    "source gone": Damage(remove(BOHN), GUT, "phytate_low", ("'bohn_2004'", "not in sources/"), "add sources/"),
    "source gone, in a condition": Damage(remove(BOHN), PHYTATE, "bohn_2004", ("'bohn_2004'",), "add sources/"),
    "covariate from nowhere": Damage(
        swap(PEOPLE, 'source = "threonate_project"', 'source = "nobody_2004"'),
        PEOPLE,
        "nobody_2004",
        ("'nobody_2004'",),
        "sources/",
    ),
    "finding twice in a file": Damage(
        swap(BOHN, 'id = "ABS17"', 'id = "ABS16"'), BOHN, "ABS16", ("'ABS16'", "already stands"), "one of the two"
    ),
    "finding in two files": Damage(
        swap(BOHN, 'id = "ABS17"', 'id = "BR107"'), "sources/wang_2011.toml", "BR107", ("'BR107'",), "one of the two"
    ),
    "two sources with one identifier": Damage(
        duplicate(BOHN, "sources/doubled_2004.toml", until="[[findings]]"),
        "sources/doubled_2004.toml",
        "doi =",
        ("doi", "bohn_2004"),
        "one of the two",
    ),
    "finding that nobody could verify": Damage(
        swap(CSF, "MBR02,", "MBR02; BR017,"), CSF, "k,0.401", ("'k'", "BR017", "verified"), "verified finding"
    ),
    "finding that does not exist": Damage(
        swap(CSF, "MBR02,", "MBR02; ZZZ99,"), CSF, "k,0.401", ("'ZZZ99'", "no source"), "locator"
    ),
}
FILES = {
    "unknown key": Damage(
        swap("conditions/ppi.toml", "title =", "titel ="), "conditions/ppi.toml", "titel", ("'titel'",), "'title'"
    ),
    "unknown key in a table": Damage(
        swap(PHYTATE, "high = 1.49", "hihg = 1.49"), PHYTATE, "hihg", ("'hihg'",), "'high'"
    ),
    "unknown key in a finding": Damage(
        swap(BOHN, 'id = "ABS17"', 'id = "ABS17"\npage = "3"'), BOHN, "page", ("'page'",), "remove"
    ),
    "missing key": Damage(
        swap(BOHN, "citation =", "# citation ="), BOHN, NOWHERE, ("'citation' is missing",), "citation ="
    ),
    "wrong kind of value": Damage(
        swap(OXIDE, "molar_mass = 40.304", 'molar_mass = "much"'), OXIDE, "molar_mass", ("number",), "value"
    ),
    "wrong word in a finding": Damage(
        swap(BOHN, 'verification = "primary-abstract"', 'verification = "seen"'),
        BOHN,
        '"seen"',
        ("findings.0.verification", "'secondary'"),
        "value",
    ),
    "broken TOML": Damage(swap(OXIDE, '"MgO"', '"MgO'), OXIDE, '"MgO', ("not valid TOML",), "line"),
    "TOML that never ends": Damage(append(OXIDE, 'x = """abc'), OXIDE, "abc", ("not valid TOML",), "line"),
    "broken grades": Damage(append("grades.toml", "x = = 3"), "grades.toml", "x = = 3", ("not valid TOML",), "line"),
    "broken places": Damage(append("places.toml", "x = = 3"), "places.toml", "x = = 3", ("not valid TOML",), "line"),
    "broken timetable": Damage(
        append("schedules/default.toml", "x = = 3"), "schedules/default.toml", "x = = 3", ("not valid TOML",), "line"
    ),
    "no text": Damage(overwrite(OXIDE, b'title = "\xff"'), OXIDE, NOWHERE, ("UTF-8",), "UTF-8"),
    "header of a table": Damage(swap(BONE, "symbol,value", "symbl,value"), BONE, "symbl", ("header",), "symbol,value"),
    "no table": Damage(remove(BONE), BONE, NOWHERE, ("missing",), "Add"),
    "no ports": Damage(remove("ports.ant"), "ports.ant", NOWHERE, ("missing",), "Add"),
    "no model line": Damage(
        swap(BONE_TEXT, "model Bone", "modle Bone"), BONE_TEXT, NOWHERE, ("model line",), "model Name"
    ),
}
LINKS = {
    "unknown link": Damage(
        swap("endpoints/Mg_plasma.toml", "dose_to_plasma", "dose_to_plasm"),
        "endpoints/Mg_plasma.toml",
        "path",
        ("'dose_to_plasm'",),
        "'dose_to_plasma'",
    ),
    "endpoint that reads nothing": Damage(
        swap("endpoints/Mg_bone.toml", "bone.Mg_total", "bone.Mg_totl"),
        "endpoints/Mg_bone.toml",
        "symbol",
        ("'bone.Mg_totl'",),
        "organ.symbol",
    ),
    "weak link on by default": Damage(
        swap(SALT_LINK, "default_on = false", "default_on = true"),
        SALT_LINK,
        "default_on",
        ("grade D", "default"),
        "false",
    ),
    "weak link in NULL": Damage(
        swap(SALT_LINK, "hypotheses = []", 'hypotheses = ["null"]'),
        SALT_LINK,
        "hypotheses",
        ("grade D", "'null'"),
        "'null'",
    ),
    "unknown hypothesis": Damage(
        swap(SALT_LINK, "hypotheses = []", 'hypotheses = ["nul"]'), SALT_LINK, "hypotheses", ("'nul'",), "'null'"
    ),
    "unknown switch": Damage(
        swap(SALT_LINK, '"csf.salt_on"', '"csf.salt_off"'),
        SALT_LINK,
        "csf.salt_off",
        ("'csf.salt_off'",),
        "'csf.salt_on'",
    ),
}
DAMAGES = {**UNITS, **SYMBOLS, **ROWS, **SOURCES, **FILES, **LINKS}
