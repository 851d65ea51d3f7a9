from fastapi import FastAPI
from fastapi.testclient import TestClient


def scrape(client: TestClient) -> list[str]:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text.splitlines()


def counted(method: str, route: str, status: int) -> str:
    labels = f'method="{method}",route="{route}",status="{status}"'
    return f"http_requests_total{{{labels}}} 1.0"


def test_counts_requests_by_route(client: TestClient) -> None:
    client.get("/health/live")

    lines = scrape(client)

    assert counted("GET", "/health/live", 200) in lines
    assert (
        'http_request_duration_seconds_count{method="GET",route="/health/live"} 1.0'
        in lines
    )


def test_counts_unknown_paths_as_one(client: TestClient) -> None:
    client.get("/wp-login.php")

    assert counted("GET", "unmatched", 404) in scrape(client)


def test_counts_what_fails(app: FastAPI, client: TestClient) -> None:
    @app.get("/items/{item_id}")
    def fail(item_id: int) -> None:
        raise ZeroDivisionError(item_id)

    client.get("/items/7")

    assert counted("GET", "/items/{item_id}", 500) in scrape(client)
