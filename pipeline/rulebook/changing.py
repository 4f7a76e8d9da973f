"""A rulebook with other numbers, to try them: the file stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from pipeline.checks.base import Check
from pipeline.errors import ConfigError
from pipeline.rulebook.rules import Rule, Rulebook


def with_options(rulebook: Rulebook, rule_id: str, **options: Any) -> Rulebook:
    """Return the rulebook with other options of one clause's check.

    Parameters
    ----------
    rulebook : Rulebook
        Stays as it is.
    rule_id : str
        The clause: ``OPS-01``.
    **options
        Of its kind of check, as ``callaudit rules explain`` and docs/rules.md name them:
        ``at_least=150, at_most=260``.

    Returns
    -------
    Rulebook
        Of the same name; its ``content_hash`` differs.

    Raises
    ------
    ConfigError
        When there is no such clause or option, or the check refuses a value.
    """
    rule = rulebook.rule(rule_id)
    if rule is None:
        raise ConfigError(f"{rulebook.path}: no clause {rule_id}")
    changed = rule_with_options(rule, options)
    changes = f"{rulebook.content_hash} {rule_id} {sorted(options.items())!r}"
    return replace(
        rulebook,
        rules=tuple(changed if r.id == rule_id else r for r in rulebook.rules),
        content_hash=sha256(changes.encode()).hexdigest(),
    )


def rule_with_options(rule: Rule, options: Mapping[str, Any]) -> Rule:
    """Return a rule with other options of its check.

    Raises
    ------
    ConfigError
        When the check has no such option, or refuses a value.
    """
    known = type(rule.check).model_fields
    for name in options:
        if name not in known:
            raise ConfigError(f"{rule.id} has no option {name}; it has {', '.join(known)}")
    given = {name: getattr(rule.check, name) for name in rule.check.model_fields_set}
    try:
        check: Check = type(rule.check).model_validate(given | dict(options))
    except ValidationError as error:
        tried = ", ".join(f"{name} {value!r}" for name, value in options.items())
        raise ConfigError(f"{rule.id}: {tried} is refused: {error.errors()[0]['msg']}") from error
    return replace(rule, check=check)
