"""A label config may be wrong very often, and as long as 1 MiB: what is told of it is bounded, and so is the work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from lsops.labelconfig import Issue, canonical, check, orphans, summarise
from lsops.labelconfig.tags import KNOWN
from lsops.labelconfig.tally import EQUAL, MOST
from lsops.labelconfig.tree import MAX_BYTES, MAX_ELEMENTS
from lsops.spelling import nearest
from tests.support.clock import processor_seconds

SMALL, LARGE = 20_000, 200_000
CHOICES = ('<View><Text name="t" value="$t"/><Choices name="c" toName="t">', "</Choices></View>")
DEEP = ("<View>" * 190, "</View>" * 190)
ATTRIBUTE = ('<View a="', ' a b"/>')
VIEW = ("<View>", "</View>")

HOSTILE: dict[str, tuple[tuple[str, str], Callable[[int], str]]] = {
    "unknown tags": (VIEW, lambda i: f"<Lable{i}/>"),
    "one unknown tag": (VIEW, lambda i: "<Lable/>"),
    "unknown tags far below": (DEEP, lambda i: f"<a{i}/>"),
    "unknown targets": (VIEW, lambda i: f'<Rating name="n{i}" toName="m{i}"/>'),
    "targets with blanks": (VIEW, lambda i: f'<Rating name="n{i}" toName=" n{i}"/>'),
    "targets in one attribute": (('<View><Rating name="a" toName="', '"/></View>'), lambda i: f"x{i},"),
    "names given twice": (VIEW, lambda i: '<Text name="a" value="$a"/>'),
    "values given twice": (CHOICES, lambda i: f'<Choice value="{i // 2}"/>'),
    "hotkeys given twice": (CHOICES, lambda i: f'<Choice value="{i}" hotkey="{i // 2}"/>'),
    "names without a dollar": (VIEW, lambda i: f'<Text name="t{i}" value="t{i}"/>'),
    "numbers as text": (VIEW, lambda i: '<Text name="a">1</Text>'),
    "choices without a choice": (VIEW, lambda i: "<Choices><Choice/></Choices>"),
    "text in pieces": (VIEW, lambda i: "a<!---->"),
    "instructions": (VIEW, lambda i: "a<?x?>"),
    "namespaces": (("<View xmlns:a='" + "u" * 1000 + "'>", "</View>"), lambda i: "<a:b/>"),
    "xml ids": (VIEW, lambda i: '<View xml:id="a"/>'),
    "signs before numbers": (ATTRIBUTE, lambda i: ">1"),
    "signs before blanks": (ATTRIBUTE, lambda i: ">  "),
    "colons": (ATTRIBUTE, lambda i: ":"),
    "the word name": (ATTRIBUTE, lambda i: "name  "),
    "names in an instruction": (("<View><?x ", "?></View>"), lambda i: " name='"),
}
each_hostile = pytest.mark.parametrize("name", HOSTILE)


def written(name: str, size: int) -> str:
    """The hostile config in about so many characters."""
    (head, tail), part = HOSTILE[name]
    parts = [part(number) for number in range(size // len(part(size)))]
    return "".join([head, *parts, tail])


def is_linear(small: Callable[[], object], large: Callable[[], object]) -> bool:
    """Whether ten times the text takes about ten times as long; what else runs can spoil an attempt, not three."""
    small()
    return any(
        processor_seconds(large) <= 30 * processor_seconds(small) + 0.05 for _ in range(3)
    )  # a square would be 100


@each_hostile
def test_ten_times_the_text_takes_about_ten_times_as_long(name: str) -> None:
    small, large = written(name, SMALL), written(name, LARGE)
    assert is_linear(lambda: check(small), lambda: check(large))


@each_hostile
def test_of_one_code_a_hundred_are_told_and_the_rest_is_counted(name: str) -> None:
    issues = check(written(name, LARGE))
    assert max(Counter(issue.code for issue in issues).values()) <= MOST
    assert sum(len(issue.message) for issue in issues) < 100_000


def of(code: str, issues: list[Issue]) -> list[Issue]:
    return [issue for issue in issues if issue.code == code]


def test_the_last_one_says_how_many_more_there_are() -> None:
    config = "<View>\n" + "\n".join(f"<Odd{i}/>" for i in range(1000)) + "\n</View>"
    told = of("LS124", check(config))
    assert len(told) == MOST
    assert (told[-1].message, told[-1].line, told[-1].severity) == ("and 901 more of this kind", MOST + 1, "warning")


def test_exactly_a_hundred_are_all_told() -> None:
    told = of("LS124", check("<View>" + "".join(f"<Odd{i}/>" for i in range(MOST)) + "</View>"))
    assert [issue.message for issue in told if "more" in issue.message] == []
    assert len(told) == MOST


def test_equal_findings_are_told_once_and_counted() -> None:
    config = "<View>\n" + "<Foo/>\n" * 266 + "</View>"
    (issue,) = of("LS124", check(config))
    assert issue.message == "<Foo> is no tag of Label Studio (266 times, the last in line 267)"
    assert (issue.line, issue.column) == (2, 1)


def test_a_few_equal_findings_stand_at_their_places() -> None:
    told = of("LS124", check("<View>\n" + "<Foo/>\n" * EQUAL + "</View>"))
    assert [issue.line for issue in told] == [2, 3, 4]


def swapped(tag: str) -> list[str]:
    """The tag with two neighbouring letters swapped, in every place."""
    words = [tag[:i] + tag[i + 1] + tag[i] + tag[i + 2 :] for i in range(len(tag) - 1)]
    return [word for word in words if word != tag]


def left_out(tag: str) -> list[str]:
    return [tag[:i] + tag[i + 1 :] for i in range(1, len(tag))]


def doubled(tag: str) -> list[str]:
    return [tag[: i + 1] + tag[i:] for i in range(len(tag))]


@pytest.mark.parametrize("slip", [swapped, left_out, doubled])
@pytest.mark.parametrize("tag", sorted(KNOWN))
def test_a_tag_with_one_slip_is_recognised(tag: str, slip: Callable[[str], list[str]]) -> None:
    known = {name.lower() for name in KNOWN}
    told = {word: nearest(word, KNOWN) for word in slip(tag) if word.lower() not in known}
    assert {word: name for word, name in told.items() if name != tag} == {}


@pytest.mark.parametrize(
    ("word", "tag"),
    [("Lable", "Label"), ("Labels1", "Labels"), ("Choise", "Choice"), ("Choises", "Choices"), ("Veiw", "View")],
)
def test_the_commonest_slips(word: str, tag: str) -> None:
    (issue,) = of("LS124", check(f"<View><{word}/></View>"))
    assert issue.message.endswith(f'; did you mean "{tag}"?')


@pytest.mark.parametrize(("word", "tag"), [("Textarea", "TextArea"), ("Hypertext", "HyperText"), ("view", "View")])
def test_a_known_tag_in_another_case_is_no_slip(word: str, tag: str) -> None:
    """The editor folds the case, the server's schema does not."""
    (issue,) = of("LS124", check(f"<View><{word}/></View>"))
    assert issue.message == (
        f"<{word}> is written in another case than {tag}: the editor shows it, the server's checks do not know it"
    )
    assert issue.severity == "warning"


def test_what_stands_in_html_is_no_tag_of_label_studio_in_any_case() -> None:
    assert of("LS124", check("<View><Style><b/></Style><HTML><b/></HTML></View>"))[0].message.startswith("<HTML>")
    assert len(of("LS124", check("<View><Style><b/></Style><HTML><b/></HTML></View>"))) == 1


def taxonomy(size: int) -> str:
    """Long values one below the other, and many below the last: their paths are far longer than the text."""
    above = [f'<Choice value="{str(number) * (size // 400)}">' for number in range(150)]
    leaves = [f'<Choice value="{number}"/>' for number in range(size // 50)]
    head = '<View><Text name="t" value="$t"/><Taxonomy name="x" toName="t">'
    return "".join([head, *above, *leaves, "</Choice>" * 150, "</Taxonomy></View>"])


def conditional(size: int) -> str:
    """Controls below conditions that are long and many."""
    views = [f'<View visibleWhen="{number}{"x" * (size // 400)}">' for number in range(150)]
    ratings = [f'<Rating name="r{number}" toName="t"/>' for number in range(size // 80)]
    return "".join(['<View><Text name="t" value="$t"/>', *views, *ratings, "</View>" * 151])


COMPARED: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "labels": (lambda n: written("hotkeys given twice", n), lambda n: written("values given twice", n)),
    "controls": (lambda n: written("targets with blanks", n), lambda n: written("unknown targets", n)),
    "texts": (lambda n: written("names without a dollar", n), lambda n: written("names given twice", n)),
    "a taxonomy that goes": (taxonomy, lambda n: "<View/>"),
    "a taxonomy that loses its values": (taxonomy, lambda n: taxonomy(400)),
    "conditions": (conditional, lambda n: conditional(n).replace("xx", "yy")),
    "conditions that go": (conditional, lambda n: conditional(n).replace("visibleWhen", "class")),
}


@pytest.mark.parametrize("act", [summarise, orphans], ids=["told", "lost"])
@pytest.mark.parametrize("pair", COMPARED.values(), ids=COMPARED)
def test_two_configs_of_ten_times_the_size_take_about_ten_times_as_long(
    pair: tuple[Callable[[int], str], Callable[[int], str]], act: Callable[[str, str], Sequence[object]]
) -> None:
    small, large = ((pair[0](size), pair[1](size)) for size in (SMALL, LARGE))
    assert is_linear(lambda: fresh(act, *small), lambda: fresh(act, *large))


def fresh(act: Callable[[str, str], Sequence[object]], before: str, after: str) -> int:
    """The same without what was remembered."""
    canonical.cache_clear()
    orphans.cache_clear()
    return len(act(before, after))


def test_a_config_with_more_elements_than_any_that_means_something_is_refused() -> None:
    (issue,) = check("<View>" + "<a/>" * MAX_ELEMENTS + "</View>")
    assert (issue.code, issue.message) == ("LS120", f"the label config has more than {MAX_ELEMENTS} elements")
    assert check("<View>" + "<a/>" * (MAX_ELEMENTS - 1) + "</View>")[0].code != "LS120"


def test_the_most_labels_that_fit_are_not_too_many() -> None:
    head, tail = CHOICES
    assert MAX_BYTES // len('<Choice value="a"/>') < MAX_ELEMENTS
    assert [issue.code for issue in check(head + '<Choice value="a"/>' * 55_000 + tail)] == ["LS123"]
