"""Settings of single components, in place of those of config.cfg.

A setting is COMPONENT.OPTION=VALUE; the options are those that the component's factory declares. The value is true, false, null, a
number where the option is one, a JSON list or object, else words.
Example: ``confidence.enabled=false`` leaves every confidence as its finder gave it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from spacy.language import Language

FIXED = ("lexicons",)  # told by --lexicon


def applied(
    components: Mapping[str, Mapping[str, Any]], settings: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The components of a configuration with these settings; the factories must be registered.

    Raises:
        ValueError: names the setting and what can be set.
    """
    changed = {name: dict(component) for name, component in components.items()}
    known = options(components)
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or key not in known:
            raise ValueError(
                f"{setting!r} is no setting; they are {', '.join(f'{name}=...' for name in known)}"
            )
        component, option = key.split(".")
        changed[component][option] = _value(setting, value, known[key])
    return changed


def options(components: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The default of each option that can be set, by COMPONENT.OPTION."""
    found: dict[str, Any] = {}
    for name, component in components.items():
        defaults = Language.get_factory_meta(component["factory"]).default_config or {}
        found |= {f"{name}.{option}": value for option, value in defaults.items() if option not in FIXED}
    return dict(sorted(found.items()))


def _value(setting: str, written: str, default: Any) -> Any:
    numeric = isinstance(default, (int, float)) and not isinstance(default, bool)
    if not (numeric or written in ("true", "false", "null") or written.startswith(("[", "{"))):
        value: Any = written
    else:
        try:
            value = json.loads(written)
        except json.JSONDecodeError as error:
            raise ValueError(f"{setting!r}: the value is not JSON") from error
    kind = (int, float) if numeric else type(default)
    if (default is not None and not isinstance(value, kind)) or (numeric and isinstance(value, bool)):
        raise ValueError(f"{setting!r}: the value is not of the kind of {json.dumps(default)}")
    return value
