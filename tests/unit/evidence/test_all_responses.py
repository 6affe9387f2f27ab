"""What `all` means: every response about the species, without the cores that are kept for comparison."""

from __future__ import annotations

from threonate.evidence import endpoint_responses, read_catalogue


def test_all_leaves_out_what_is_kept_for_comparison():
    catalogue = read_catalogue()
    rivals = {name for name, response in catalogue.responses.items() if response.about.comparison}

    assert rivals == {"arousal", "flip_flop", "two_process"}
    assert not rivals & set(endpoint_responses(catalogue, ["all"]))
    assert "sleep" in endpoint_responses(catalogue, ["all"])
    assert endpoint_responses(catalogue, ["all", "arousal"]) == tuple(
        sorted({*endpoint_responses(catalogue, ["all"]), "arousal"})
    )
