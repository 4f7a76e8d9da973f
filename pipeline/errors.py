"""Errors: one root, so that a caller can catch everything this package raises on purpose."""


class CallauditError(Exception):
    """Anything callaudit raises on purpose. The message says what was seen and what was expected."""


class ConfigError(CallauditError):
    """A setting, rulebook or command-line value is wrong; nothing was processed."""


class WeightsError(ConfigError):
    """The recogniser's weights were not found or do not match their checksum."""


class IntakeError(CallauditError):
    """One row, file name or recording cannot become a call; the others go on."""


class AudioError(CallauditError):
    """A recording cannot be decoded or has a shape that cannot be audited."""


class UnavailableError(AudioError):
    """A recording cannot be read now, perhaps later: gone, forbidden, changing, or memory is short."""


class StoreError(CallauditError):
    """Stored tables are missing, damaged or do not fit together."""


class LockedError(StoreError):
    """Another writer is at work in the folder; nothing was changed."""


class WriteError(CallauditError):
    """The output folder cannot be written: full, read-only or gone. Nothing more can be kept.

    The night stops. What was stored before stays, whole.
    """


class VoicesError(CallauditError):
    """Voices on one channel cannot be told apart here: the extra that does it is missing or damaged."""
