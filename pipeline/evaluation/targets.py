"""What an audit must reach on ground truth to be accepted."""

from __future__ import annotations

from pipeline.call import Role
from pipeline.evaluation.result import Target

SPEECH_F1 = Target(0.95, at_least=True)
UTTERANCE_START_S = Target(0.10, at_least=False)
PACE_MEDIAN = Target(0.05, at_least=False)
PACE_P90 = Target(0.12, at_least=False)
SYLLABLES_MEDIAN = Target(0.10, at_least=False)
SYLLABLES_P90 = Target(0.20, at_least=False)
LANGUAGE_RIGHT = Target(0.95, at_least=True)
INVENTED_WORDS = Target(0, at_least=False)
LATENCY_S = Target(0.10, at_least=False)
HOLDS_FOUND = Target(1.0, at_least=True)
HOLDS_INVENTED = Target(0, at_least=False)
HOLD_EDGES = Target(1.0, at_least=True)
HOLD_KIND = Target(0.95, at_least=True)
HOLD_COURTESIES = {
    "announced": Target(0.90, at_least=True),
    "consent": Target(0.90, at_least=True),
    "return_courtesy": Target(0.90, at_least=True),
}
RINGS_COUNTED = Target(0.95, at_least=True)
ANNOUNCEMENTS_FOUND = Target(0.95, at_least=True)
ANNOUNCEMENTS_INVENTED = Target(0, at_least=False)
ANNOUNCEMENT_END_S = Target(0.2, at_least=False)
INTERRUPTIONS = Target(0.90, at_least=True)
BACKCHANNELS_CALLED_INTERRUPTIONS = Target(0.02, at_least=False)
FORMS_RECOGNISED = Target(0.95, at_least=True)
FORMS_FALSE_ALARMS = Target(0, at_least=False)
OVERLAP_ON_ONE_LINE = Target(0, at_least=False)
TIME_ATTRIBUTED = Target(0.92, at_least=True)
ROLES_RIGHT_OR_UNKNOWN = Target(0.97, at_least=True)
ROLES_SWAPPED = Target(1, at_least=False)
ROLES_DECIDED = Target(0.85, at_least=True)
FAIL_PRECISION = Target(0.95, at_least=True)
FAIL_RECALL = Target(0.85, at_least=True)
FAILS_PASSED = Target(0.03, at_least=False)
UNDETERMINED = Target(0.10, at_least=False)
CRITICAL_FALSE_ALARMS = Target(0, at_least=False)
PINYIN_ERROR_RATE = {Role.AGENT: Target(0.08, at_least=False), Role.CUSTOMER: Target(0.15, at_least=False)}
