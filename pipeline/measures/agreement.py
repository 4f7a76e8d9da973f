"""Two counts of what was said: the recogniser's characters and the syllables counted in the audio."""

from __future__ import annotations

from pipeline.call import Call, Measurement, Role
from pipeline.spans import total_s

MIN_SYLLABLES = 8
AGREEMENT_METHOD = "recognised spoken characters or syllables / syllables counted in the audio"


def measure_syllable_agreement(call: Call, role: Role) -> Measurement:
    """Recognised characters over syllables counted in the audio, of a role's utterances [ratio].

    About 1 where both heard the same: a Mandarin character is a syllable. Well below it, words were lost;
    well above it, the recogniser wrote more than was said. Fewer than 8 syllables are unmeasurable. Coverage
    is the share of the role's voice activity in utterances.
    """
    own = [u for u in call.by_role(role) if u.syllables is not None]
    counted, said = sum(u.syllables or 0 for u in own), sum(u.chars for u in own)
    if max(counted, said) < MIN_SYLLABLES:
        reason = f"fewer than {MIN_SYLLABLES} syllables"
        return Measurement("syllable_agreement", role, None, "ratio", reason, AGREEMENT_METHOD)
    speech_s = total_s(call.speech(role))
    coverage = min(1.0, sum(u.speech_s for u in own) / speech_s) if speech_s else None
    ratio = said / max(counted, 1)
    return Measurement("syllable_agreement", role, ratio, "ratio", None, AGREEMENT_METHOD, coverage)
