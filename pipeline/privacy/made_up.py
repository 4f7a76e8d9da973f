"""Made-up values with the form of those that were taken out; the same for the same call every time."""

from __future__ import annotations

import random
from collections.abc import Collection
from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.privacy import forms
from pipeline.privacy.entities import EntityKind, Form
from pipeline.privacy.finding import sound_number
from pipeline.privacy.values import SHARED
from pipeline.wording.sounds import GRADES, grades
from pipeline.wording.surnames import COMPOUND_SURNAMES, NOT_SURNAMES, SURNAMES, sounds, surname_sounds

_TRIES = 400
_BIRTH = "19850417"


@cache
def made_up_digits(seed: int, length: int, kind: EntityKind, form: Form, used: frozenset[str]) -> str:
    """Return digits of a length and form that share no four in a row with any that are used.

    Parameters
    ----------
    seed : int
        The value's number within the call.
    used : frozenset of str
        Strings of digits that it must not be taken for.
    """
    chance = random.Random(f"{seed} {length} {form}")
    pieces = {text[at : at + SHARED] for text in used for at in range(len(text) - SHARED + 1)}
    digits = ""
    for _ in range(_TRIES):
        digits = _draw(chance, length, kind, form)
        own = {digits[at : at + SHARED] for at in range(length - SHARED + 1)}
        if not own & pieces and forms.form_of(digits) is form:
            return digits
    return digits


def _draw(chance: random.Random, length: int, kind: EntityKind, form: Form) -> str:
    digits = str(chance.randrange(1, 10)) + "".join(str(chance.randrange(10)) for _ in range(length - 1))
    if form is Form.MOBILE:
        return f"{'86' if length == 13 else ''}1{chance.randrange(3, 10)}{digits}"[:length]
    if form is Form.CARD:
        from stdnum import luhn

        start = f"62{digits}"[: length - 1]
        return start + str(luhn.calc_check_digit(start))
    if form in (Form.IDENTITY, Form.IDENTITY_MISHEARD, Form.DATED):
        return _dated(chance, digits, form)
    return f"1{digits}"[:length] if kind is EntityKind.MOBILE else digits


def _dated(chance: random.Random, digits: str, form: Form) -> str:
    year = chance.randrange(1930, 2010)
    start = f"{chance.randrange(1, 7)}{digits}"[:6] + f"{year}{_BIRTH[4:]}" + digits[:3]
    if form is Form.DATED:
        return (start + digits)[: len(digits)]
    from stdnum.cn import ric

    check = str(ric.calc_check_digit(start + "0"))
    other = "0" if check != "0" else "1"
    return (start + (check if form is Form.IDENTITY else other) + digits)[: len(digits)]


@cache
def _common() -> tuple[str, ...]:
    """The 3,755 most frequent characters, by GB 2312."""
    rows = range(0xB0, 0xD8)
    cells = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return tuple(char for cell in cells if (char := cell.decode("gb2312", errors="ignore")))


@cache
def surnames_of(form: Form, length: int) -> tuple[str, ...]:
    """Return characters that may stand for a surname of that form, unambiguous ones first."""
    if length > 1:
        return COMPOUND_SURNAMES
    listed = [char for char in dict.fromkeys(SURNAMES) if char not in NOT_SURNAMES]
    if form is Form.SURNAME:
        return tuple(listed)
    like = form is Form.LIKE_A_SURNAME
    known = surname_sounds()
    others = (c for c in _common() if c not in SURNAMES and c not in NOT_SURNAMES)
    return tuple(c for c in others if (s := sounds(c)) and (s[0] in known) is like)


def free_surnames(form: Form, length: int, taken: Collection[str]) -> tuple[str, ...]:
    """Return those that have none of the characters taken, or all where each of them has one."""
    some = surnames_of(form, max(1, length))
    return tuple(s for s in some if not set(s) & set(taken)) or some


@cache
def _letters_of(form: Form, length: int) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.intp]]:
    """Return the characters of the surnames of a form (rows), and the numbers of their sounds."""
    letters = np.array([list(surname) for surname in surnames_of(form, length)])
    return letters, np.array([[sound_number(char) for char in row] for row in letters.tolist()])


def _unlike_each(theirs: str, form: Form, length: int) -> npt.NDArray[np.float64]:
    """How unlike a surname each of those of a form is, 0..2, as ``finding.unlike`` has it, in their order."""
    letters, numbers = _letters_of(form, length)
    shared = min(len(theirs), letters.shape[1])
    own = [sound_number(char) for char in theirs[:shared]]
    by_letter = np.array(GRADES)[grades()[own, numbers[:, :shared]]]
    by_letter[letters[:, :shared] == list(theirs[:shared])] = 0.0
    return np.asarray(by_letter.max(axis=1))


def made_up_surname(theirs: str, grade: float, form: Form, length: int, taken: Collection[str]) -> str:
    """Return a surname as unlike the customer's made-up one as the true ones are, of free characters."""
    if not theirs:
        return free_surnames(form, length, taken)[0]
    some = surnames_of(form, length)
    nearest: list[int] = np.argsort(
        np.abs(_unlike_each(theirs, form, length) - grade), kind="stable"
    ).tolist()
    return next((some[i] for i in nearest if not set(some[i]) & set(taken)), some[nearest[0]])
