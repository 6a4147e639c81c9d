from __future__ import annotations

import pytest

from tests.sandbox.conftest import CONFIG, make

IMPORT = "/api/projects/1/import"


@pytest.fixture
def project(community):
    make(community)
    return community


def upload(client, name, content, query=""):
    return client.post(f"{IMPORT}{query}", files={name: (name, content)})


def data(client):
    return [task["data"] for task in client.get("/api/tasks/?project=1").json()["tasks"]]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.json", '[{"text": "x"}, {"data": {"text": "y"}}]', [{"text": "x"}, {"text": "y"}]),
        ("a.json", '{"text": "x"}', [{"text": "x"}]),
        ("a.csv", "text,n\nhello,3\nworld,4\n", [{"text": "hello", "n": 3}, {"text": "world", "n": 4}]),
        ("a.csv", "text,n\nhello,3\nworld,\n", [{"text": "hello", "n": 3.0}, {"text": "world", "n": ""}]),
        ("a.csv", "text;n\na,b;3\n", [{"text": "a,b", "n": 3}]),
        ("a.tsv", "text\tn\nhello\tx\n", [{"text": "hello", "n": "x"}]),
        ("a.txt", "one\ntwo\n", [{"text": "one"}, {"text": "two"}]),
        ("a.html", "<b>x</b>", [{"text": "<b>x</b>"}]),
    ],
)
def test_a_file_holds_tasks_by_the_end_of_its_name(project, name, content, expected):
    assert upload(project, name, content).status_code == 201
    assert data(project) == expected


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", "x", ".exe extension is not supported"),
        ("a.json", "[]", "load_tasks: No tasks added"),
        ("a.json", "[1", "a.json: Expected object or value"),
        ("a.json", "[1]", "a.json: 'int' object has no attribute 'get'"),
    ],
)
def test_a_file_that_holds_none_is_refused_with_the_reason(project, name, content, words):
    (message,) = upload(project, name, content).json()["validation_errors"]["non_field_errors"]
    assert message.endswith(words)


def test_a_binary_file_is_one_task_that_shows_where_it_is_downloaded(project):
    upload(project, "a.png", b"\x89PNG")
    (shown,) = data(project)
    fetched = project.get(shown["text"])
    assert (fetched.content, fetched.headers["Content-Type"]) == (b"\x89PNG", "image/png")


def test_a_config_of_two_keys_takes_no_binary_file(community):
    make(community, label_config=CONFIG.replace("<Choices", '<Text name="u" value="$other"/><Choices', 1))
    (message,) = upload(community, "a.png", b"x").json()["validation_errors"]["non_field_errors"]
    assert "more than one data key" in message


def test_files_of_one_request_must_have_a_key_in_common(project):
    parts = {name: (name, text) for name, text in {"a.csv": "text,n\nx,1\n", "b.json": '[{"z": 1}]'}.items()}
    (message,) = project.post(IMPORT, files=parts).json()["validation_errors"]["non_field_errors"]
    assert message.endswith('with data key(s) "z", clashes with data key(s) found from other files:\n"n,text"')


def test_an_upload_stays_where_its_import_is_refused(project):
    upload(project, "a.json", "[]")
    assert [one["size"] for one in project.get("/api/projects/1/file-uploads?all=true").json()] == [2]


def test_without_a_commit_files_are_kept_and_tasks_come_with_a_reimport_once(project):
    kept = upload(project, "a.json", '[{"text": "x"}]', "?commit_to_project=false").json()
    assert (kept["task_count"], kept["annotation_count"], data_or_none(project)) == (1, None, [])
    for _ in range(2):
        again = project.post("/api/projects/1/reimport", json={"file_upload_ids": kept["file_upload_ids"]})
    assert (again.status_code, len(data(project))) == (201, 1)


def data_or_none(client):
    return client.get("/api/tasks/?project=1").json()["tasks"]


def test_tasks_outlive_their_file(project):
    upload(project, "a.json", '[{"text": "x"}]')
    named = project.get("/api/tasks/1/").json()["file_upload"]
    assert named.endswith("-a.json")
    assert project.delete("/api/import/file-upload/1").status_code == 204
    assert project.get("/api/tasks/1/").json()["file_upload"] is None


def test_a_text_in_a_form_is_tasks(project):
    answer = project.post(IMPORT, data={"url": "[{'text': 'x'}]"})
    assert (answer.status_code, data(project)) == (201, [{"text": "x"}])


def test_keys_of_the_data_become_predictions_if_the_query_names_them(project):
    project.post(f"{IMPORT}?preannotated_from_fields=c", json=[{"text": "x", "c": "A"}])
    (prediction,) = project.get("/api/predictions/?task=1").json()
    assert prediction["result"] == [
        {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}},
    ]


def test_enterprise_answers_with_a_job_that_knows_its_tasks(enterprise):
    make(enterprise)
    job = enterprise.post(IMPORT, json=[{"text": "x"}]).json()["import"]
    seen = enterprise.get(f"/api/projects/1/imports/{job}/").json()
    assert (seen["status"], seen["task_count"], seen["task_ids"]) == ("completed", 1, [1])


def test_a_bounded_part_of_a_large_file_is_read_at_a_time(project):
    content = bytes(range(256)) * 3000
    upload(project, "a.png", content)
    url = data(project)[0]["text"]
    assert project.get(url).content == content
    piece = project.get(url, headers={"Range": "bytes=262000-525000"})
    assert piece.content == content[262000:525001]
