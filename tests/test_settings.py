"""Settings in place of those of config.cfg."""

import pytest

from pipeline.build import build_nlp, configuration
from pipeline.fingerprint import fingerprint


def test_a_setting_stands_in_for_the_shipped_one() -> None:
    config = configuration(["confidence.enabled=false", "entities.confidence=0.4", "entities.version=3.7"])
    assert config["components"]["confidence"]["enabled"] is False
    assert config["components"]["entities"]["confidence"] == 0.4
    assert config["components"]["entities"]["version"] == "3.7"
    assert configuration()["components"]["confidence"]["enabled"] is True


def test_a_list_or_object_is_json() -> None:
    config = configuration(['entities.labels={"CHEMICAL": "DRUG"}'])
    assert config["components"]["entities"]["labels"] == {"CHEMICAL": "DRUG"}


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("confidence.enabled", r"is no setting; they are confidence\.enabled="),
        ("confidence.on=true", "is no setting"),
        ("drug.lexicons=[]", "is no setting"),
        ("confidence.enabled=no", "not of the kind of true"),
        ("entities.confidence=true", "not of the kind of 0.6"),
        ("entities.confidence=much", "not JSON"),
    ],
)
def test_what_cannot_be_set_is_named(setting: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        configuration([setting])


def test_a_model_that_is_not_installed_is_named() -> None:
    with pytest.raises(ValueError, match="en_nothing_zeta"):
        build_nlp(settings=["entities.model=en_nothing_zeta"])


def test_settings_are_part_of_the_fingerprint() -> None:
    off = fingerprint((), ("confidence.enabled=false",))
    assert off != fingerprint()
    assert off == fingerprint((), ("confidence.enabled=true", "confidence.enabled=false"))
    assert build_nlp(settings=["confidence.enabled=false"]).meta["fingerprint"] == off
