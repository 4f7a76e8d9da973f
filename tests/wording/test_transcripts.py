from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.call import Role, Utterance
from pipeline.wording.matching import PhraseMatch, find_all, find_first, find_possible
from pipeline.wording.phrases import compile_phrase
from pipeline.wording.transcripts import Transcript, attend, attended
from pipeline.wording.vocabulary import vocabulary, want

LISTS = tuple(
    tuple(map(compile_phrase, sources))
    for sources in (
        ("您好…请问有什么(可以|能|需要)帮[到|助]您", "很高兴为您服务"),
        ("[请问]<还>有什么(可以|能|需要)帮[到|助]您 / 还需要(其他|其它|别的)(服务|帮助)",),
        ("感谢您的(来电|接听)…再见", "再见", "祝您愉快"),
        ("请稍等 + 好吗", "对不起，[{name}(先生|女士)]让您久等了"),
        ("sorry to keep you waiting", "不知道", "我没办法"),
    )
)
TEXTS = (
    "您好，请问有什么可以帮您？",
    "您好 请外有神 可以帮你",
    "我帮您查一下，好吗？请稍等。",
    "请问",
    "还需要其他帮助吗",
    "感谢您的来电",
    "祝您愉快，再见",
    "对不起,让您就等了",
    "我不知道，没有办法",
    "I'm sorry to keep you wating.",
    "嗯",
    "",
    "2024年10月，三百八十元",
)
THRESHOLDS = (0.78, 0.86)


@st.composite
def calls(draw: st.DrawFn) -> tuple[Utterance, ...]:
    said, at_s = [], 0.0
    for idx in range(draw(st.integers(1, 10))):
        text, role = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(tuple(Role)))
        said.append(Utterance(idx, role, at_s, at_s + 2.0, text, text, len(text), 1.5, 0.8, "zh"))
        at_s += draw(st.sampled_from((1.9, 2.5, 5.0)))
    return tuple(said)


def windows(said: tuple[Utterance, ...]) -> list[tuple[Utterance, ...]]:
    """All of a role, the end and the start of it, one left out, everybody, and a text that was changed."""
    own = [tuple(u for u in said if u.role is role) for role in Role]
    cut = [w for all_of_it in own for w in (all_of_it, all_of_it[1:], all_of_it[:2], all_of_it[::2])]
    changed = tuple(replace(u, text=u.text.replace("您", " x ")) for u in own[0])
    return [w for w in (*cut, said, changed) if w]


def search(said: tuple[Utterance, ...]) -> list[tuple[tuple[PhraseMatch, ...], PhraseMatch | None]]:
    return [
        (
            find_all(phrases, window, threshold=threshold),
            find_first(phrases, window, threshold=threshold).nearest,
        )
        for window in windows(said)
        for phrases in LISTS
        for threshold in THRESHOLDS
    ]


@settings(max_examples=40, deadline=None)
@given(calls())
def test_what_a_call_is_searched_for_at_once_is_what_its_parts_say(said: tuple[Utterance, ...]) -> None:
    for phrases in LISTS:
        for threshold in THRESHOLDS:
            for role in (*Role, *Role):
                want(phrases, threshold, role)
    while (known := vocabulary()) is None or any(
        (id(one), 0.86, role) not in known.groups for one in LISTS for role in Role
    ):
        pass
    attend(())
    by_themselves = search(said)
    attend(said)
    assert search(said) == by_themselves
    for window in windows(said):
        for phrases in LISTS:
            possible = find_possible(phrases, window, threshold=0.78)
            begins = {match.utterance_idx for match in find_all(phrases, window, threshold=0.78)}
            assert begins <= {utterance.idx for utterance in possible}


def test_only_utterances_that_may_say_a_phrase_are_possible() -> None:
    said = tuple(
        Utterance(idx, Role.AGENT, 5.0 * idx, 5.0 * idx + 2.0, text, text, 5, 1.5, 0.8, "zh")
        for idx, text in enumerate(("您好", "祝您愉快，再见", "我帮您查一下"))
    )
    phrases = (compile_phrase("祝您{any:0-2}愉快"),)
    want(phrases, 0.86, Role.AGENT)
    want(phrases, 0.86, Role.AGENT)
    while (known := vocabulary()) is None or (id(phrases), 0.86, Role.AGENT) not in known.groups:
        pass
    attend(said)
    assert find_possible(phrases, said, threshold=0.86) == (said[1],)
    assert find_possible(phrases, said[2:], threshold=0.86) == ()


def test_a_window_of_one_role_is_part_of_the_call_and_others_are_not() -> None:
    said = tuple(
        Utterance(idx, role, 3.0 * idx, 3.0 * idx + 2.0, text, text, 3, 1.5, 0.8, "zh")
        for idx, (role, text) in enumerate(
            ((Role.AGENT, "您好"), (Role.CUSTOMER, "我问一下"), (Role.AGENT, "请说"), (Role.AGENT, "好的"))
        )
    )
    attend(said)
    transcript = attended()
    assert transcript is not None
    part = transcript.window((said[2], said[3]))
    assert part is not None
    assert part.length == 4
    assert (part.start_s, part.end_s) == (6.0, 11.0)
    assert transcript.window((said[0], said[3])) is None
    assert transcript.window(said) is None
    assert transcript.window((replace(said[0], text="早上好"),)) is None


def test_a_list_is_looked_for_from_its_second_search_on() -> None:
    phrases = (compile_phrase("请您对我的服务做出评价"),)
    want(phrases, 0.5, Role.AGENT)
    wanted = vocabulary()
    assert wanted is None or (id(phrases), 0.5, Role.AGENT) not in wanted.groups
    want(phrases, 0.5, Role.AGENT)
    later = [vocabulary() for _ in range(300)][-1]
    assert later is not None
    assert (id(phrases), 0.5, Role.AGENT) in later.groups
    assert list(later.words) == sorted(set(later.words), key=later.words.index)


def test_nothing_is_kept_of_searches_in_other_calls() -> None:
    own, other = (
        Utterance(0, Role.AGENT, 0.0, 2.0, text, text, 2, 2.0, 0.9, "zh") for text in ("您好", "再见")
    )
    transcript = Transcript((own,))
    assert transcript.window((other,)) is None
    assert not transcript._windows
    assert transcript.window((own,)) is not None
