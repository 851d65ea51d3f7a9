import pytest
from fastapi.testclient import TestClient


def add(client: TestClient, *texts: str) -> None:
    for text in texts:
        assert client.post("/notes", json={"text": text}).status_code == 201


def test_keeps_a_note(client: TestClient) -> None:
    answer = client.post("/notes", json={"text": "  buy milk "})

    assert answer.status_code == 201
    assert answer.json() == {"id": 1, "text": "buy milk"}
    assert client.get("/notes/1").json() == answer.json()


def test_lists_page_by_page(client: TestClient) -> None:
    add(client, "a", "b", "c")

    first = client.get("/notes", params={"limit": 2}).json()
    second = client.get("/notes", params={"limit": 2, "after": first[-1]["id"]}).json()

    assert [note["text"] for note in first] == ["a", "b"]
    assert [note["text"] for note in second] == ["c"]


def test_throws_a_note_away(client: TestClient) -> None:
    add(client, "a", "b")

    answer = client.delete("/notes/1")

    assert answer.status_code == 204
    assert [note["text"] for note in client.get("/notes").json()] == ["b"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_says_that_there_is_no_such_note(client: TestClient, method: str) -> None:
    answer = client.request(method, "/notes/7")

    assert answer.status_code == 404
    assert answer.json() == {"detail": "there is no note 7"}


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001, None])
def test_refuses_what_is_no_note(client: TestClient, text: str | None) -> None:
    answer = client.post("/notes", json={"text": text})

    assert answer.status_code == 422
