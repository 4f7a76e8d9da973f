"""Whether a role's pace can be judged: in the unit of the rule, and with two counts that agree."""

from __future__ import annotations

from pipeline.call import Call, Role
from pipeline.measures.pace import main_language
from pipeline.wording.languages import IN_CHARACTERS, language_name

# Recognised characters over syllables counted in the audio: 0.8 to 1.2 per role on synthetic calls, 0.8 to
# 1.6 on single sentences of fast readers, whose syllables run together. Beyond these one of the two counts
# is wrong by so much that the pace is, too.
LEAST_AGREEMENT, MOST_AGREEMENT = 0.6, 1.8
PACES = ("net_pace", "gross_pace")


def doubt_pace(call: Call, role: Role) -> str | None:
    """Say why a role's pace in characters a minute is not known, or None when it is."""
    language = main_language(call, role)
    if language is not None and language not in IN_CHARACTERS:
        return f"the {role} speaks {language_name(language)}, and the band is in characters a minute"
    agreement = call.measure("syllable_agreement", role)
    if agreement is None or agreement.value is None:
        return None
    if LEAST_AGREEMENT <= agreement.value <= MOST_AGREEMENT:
        return None
    written = f"the recogniser wrote {agreement.value:.2f} characters"
    return f"{written} for every syllable counted in the {role}'s voice"
