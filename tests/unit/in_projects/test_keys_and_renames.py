"""Keys that hold credentials, names of blanks, old names of siblings, and `data` by a variable."""

from __future__ import annotations

import json

import pytest

from lsops.masking import mask_addresses, mask_key
from tests.support.cli import Lsops
from tests.unit.manifest.support import findings_of, line, load_files


def manifest(entries, more=""):
    return {"lsops.yaml": f"version: 1\n{more}projects:\n  Cats:\n    {entries}\n"}


def found(folder, entries, more=""):
    return [line(finding) for finding in findings_of(folder, manifest(entries, more))]


# ---- credentials in keys -------------------------------------------------------------------------

KEYS = {
    "a blank in the host": "https://u:PW@ho st.com/x?tok=PW",
    "two at signs": "https://u:PW@PW2@host.com/x",
    "a query": "https://host.com/x?tok=PW",
    "a user": "https://PW@host.com/x",
    "a blank in the password": "https://u:PW PW@host.com/x",
    "a query with blanks": "https://host.com/x?tok=PW PW",
    "no host": "https://u:PW@",
    "no scheme": "://u:PW@host.com",
    "another scheme": "ftp://u:PW@host.com",
    "a scheme with blanks": " see https://u:PW@host.com",
    "a sign before": "-https://u:PW@host.com",
    "a query with everything": "https://host.com?a=/PW/?b=PW&c=~PW#x",
    "a line feed": "https://u:PW@host.com/\\nx?tok=PW",
    "a path with a question": "https://u:PW@host.com/x y?tok=PW#a b",
}
ENTRIES = ["{}", "null", "[1]", "{is_active: 5}", "{lifecycle: {ignore: [x]}}", "{url: 'https://h.example.com'}"]


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_with_credentials_is_refused_and_nowhere_shown(lsops: Lsops, key, entry):
    text = f'version: 1\nserver: {{url: "http://localhost:1"}}\nprojects:\n  Cats: {{webhooks: {{"{key}": {entry}}}}}\n'
    lsops.write(text)
    for verb in ("validate", "plan"):
        for form in ("text", "json"):
            ran = lsops(verb, "--format", form)
            assert ran.code == 3, ran
            assert "LS109" in ran.out + ran.err
            assert "PW" not in ran.out + ran.err
            assert form != "json" or json.loads(ran.out)


PLAIN = ["https://host.com/x", "https://host.com/@team", "https://[::1]:80/a#c", "What is it?", "a@b.c", "1: ana@x?y"]


@pytest.mark.parametrize("key", PLAIN)
def test_a_key_without_credentials_is_as_it_was(key):
    assert mask_key(key) == key


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_the_mask_of_a_masked_key_is_the_same(key):
    assert mask_key(mask_key(key)) == mask_key(key)
    assert "PW" not in mask_key(key)


ADDRESSES = ["x" * 100_000 + ":~1~1", "x" * 50_000 + ":~1~1" + "x" * 50_000, "a:~1~1" * 20_000, "a:~1~1/" * 15_000]
ADDRESSES += ["a:~1~1h?" + sign * 100_000 + "x" for sign in "x.?)"]


@pytest.mark.parametrize("text", ADDRESSES, ids=range(len(ADDRESSES)))
def test_a_long_text_with_something_like_a_url_in_it_ends_at_once(text):
    assert len(mask_addresses(text)) <= len(text)


def test_a_url_in_an_address_is_masked_whatever_stands_before_its_scheme():
    for before in ("", "-", "1", "+", ".", "a ", '"', "(", "~1"):
        assert "PW" not in mask_addresses(f"/projects/T/views/{before}https:~1~1u:PW@h.org~1x?t=PW")


# ---- data by a variable --------------------------------------------------------------------------

INSIDE = ["filters: {conjunction: and, items: []}", "ordering: ['tasks:id']", "title: Other", "user: 1", "type: grid"]


@pytest.mark.parametrize("fields", INSIDE)
@pytest.mark.parametrize(
    "entry", ["views: {Tab: {data: '${var:tab}'}}", "views: {Tab: {data: '${var:tab}', gridWidth: 3}}"]
)
def test_fields_in_data_by_a_variable_are_refused_with_a_way_out(fields, entry, tmp_path):
    name = fields.partition(":")[0]
    (text,) = found(tmp_path, entry, f"vars: {{tab: {{{fields}, free: 1}}}}\n")
    assert "LS102" in text
    assert f'"{name}" cannot stand in data by a reference' in text
    assert text.endswith(f"| write {name}: beside data")
    assert text.startswith("lsops.yaml:5:")


def test_by_a_default_too(tmp_path):
    more = "vars: {tab: {ordering: ['tasks:id']}}\ndefaults: {projects/*/views: {data: '${var:tab}'}}\n"
    (text,) = found(tmp_path, "views: {Tab: {}}", more)
    assert "LS102" in text


@pytest.mark.parametrize("held", ["{free: 1, other: {user: 2, filters: 3}}", "{}", "{data: {a: 1}}"])
def test_free_keys_by_a_variable_are_as_if_they_were_written_out(held, tmp_path):
    values = []
    for number, entry in enumerate(("'${var:tab}'", held)):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = manifest(f"views: {{Tab: {{data: {entry}}}}}", f"vars: {{tab: {held}}}\n")
        values.append(dict(load_files(folder, files).desired.resources[-1].values).get("data", {}))
    assert values[0] == values[1]


# ---- names ---------------------------------------------------------------------------------------

BLANK = ["views: {'{}': {}}", "views: {a: {title: '{}'}}", "views: {a: {data: {title: '{}'}}}"]
BLANK += ["ml_backends: {'{}': {url: 'http://h.org'}}", "ml_backends: {a: {url: 'http://h.org', title: '{}'}}"]


@pytest.mark.parametrize("blanks", [" ", "   ", "\u00a0", "\u2003 "])
@pytest.mark.parametrize("entry", BLANK)
def test_a_title_of_blanks_is_refused(entry, blanks, tmp_path):
    (text,) = found(tmp_path, entry.replace("'{}'", f"'{blanks}'"))
    assert "not only blanks" in text or "empty" in text or "at least 1" in text


@pytest.mark.parametrize("title", [" a ", "a b", "\u00e4", "0", "x" * 500])
@pytest.mark.parametrize("entry", BLANK)
def test_every_other_title_is_taken(entry, title, tmp_path):
    assert found(tmp_path, entry.replace("'{}'", f"'{title}'")) == []


def test_a_long_title_with_a_control_character_is_refused_at_once(tmp_path):
    (text,) = found(tmp_path, f'views: {{a: {{title: "{"x" * 30_000}\\x01"}}}}')
    assert "control characters" in text


SIBLINGS = {
    "views": ("Old: {}", "New: {lifecycle: {renamed_from: Old}}"),
    "views by title": ("a: {title: Old}", "New: {lifecycle: {renamed_from: ' Old '}}"),
    "webhooks": ("'http://h.org': {}", "'http://n.org': {lifecycle: {renamed_from: 'http://h.org'}}"),
    "webhooks by url": ("a: {url: 'http://h.org'}", "'http://n.org': {lifecycle: {renamed_from: 'http://h.org'}}"),
    "ml_backends": ("a: {url: 'http://h.org'}", "b: {url: 'http://h.org', lifecycle: {renamed_from: a}}"),
    "import_storages": ("a: {type: s3, bucket: b}", "b: {type: gcs, bucket: b, lifecycle: {renamed_from: a}}"),
}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(("collection", "entries"), SIBLINGS.items(), ids=SIBLINGS)
def test_an_old_name_that_a_sibling_has_is_refused_in_either_order(collection, entries, order, tmp_path):
    texts = found(tmp_path, f"{collection.partition(' ')[0]}: {{{', '.join(entries[::order])}}}")
    assert ["LS505" in text and "which is declared, too" in text for text in texts] == [True]


def test_two_that_swap_their_names_are_both_refused(tmp_path):
    entries = ("a: {lifecycle: {renamed_from: b}}", "b: {lifecycle: {renamed_from: a}}")
    assert [text.count("LS505") for text in found(tmp_path, f"views: {{{', '.join(entries)}}}")] == [1, 1]


def test_an_old_name_in_another_project_or_collection_is_no_siblings(tmp_path):
    rules = "{lifecycle: {renamed_from: Old}}"
    assert found(tmp_path, f"views: {{New: {rules}}}\n  Dogs: {{views: {{Old: {{}}}}}}\n  Old: {{}}") == []


def test_a_project_is_a_sibling_too(tmp_path):
    (text,) = found(tmp_path, "lifecycle: {renamed_from: Dogs}\n  Dogs: {}")
    assert "LS505" in text
