"""Downloading from a server that breaks off, forgets, lies or refuses."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import pytest

from seq2seq.commands.download import main
from seq2seq.data import download as module
from seq2seq.data.download import ATTEMPTS, CORPORA, PublicCorpus, RemoteFile, download
from seq2seq.errors import DataError, SettingsError

CONTENT = {f"/{name}": Random(name).randbytes(300_000) for name in ("a.gz", "b.gz")}
CORPUS = PublicCorpus(
    "http://elsewhere.invalid",
    tuple(
        RemoteFile(name, f"local-{name}", sha256(CONTENT[f"/{name}"]).hexdigest())
        for name in ("a.gz", "b.gz")
    ),
)


@dataclass
class Server:
    """What the server does, and what it was asked."""

    url: str = ""
    content: dict[str, bytes] = field(default_factory=lambda: dict(CONTENT))
    break_after: list[int | None] = field(default_factory=list)  # bytes, an answer each
    statuses: list[int] = field(default_factory=list)  # sent first, one an answer
    ranges: bool = True
    chunked: bool = False  # no Content-Length
    range_offset: int = 0  # the part sent begins elsewhere than asked
    asked: list[tuple[str, str | None]] = field(default_factory=list)


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            server.asked.append((self.path, wanted))
            body = server.content.get(self.path)
            status = server.statuses.pop(0) if server.statuses else 200
            if body is None or status >= 400:
                self.send_error(status if status >= 400 else 404)
                return
            self.answer(body, int(wanted[6:-1]) if wanted and server.ranges else None)

        def answer(self, body: bytes, begin: int | None) -> None:
            if begin is not None and begin >= len(body):
                self.send_error(416)
                return
            self.send_response(200 if begin is None else 206)
            if begin is not None:
                begin += server.range_offset
                self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
            part = body[begin or 0 :]
            if not server.chunked:
                self.send_header("Content-Length", str(len(part)))
            self.end_headers()
            limit = server.break_after.pop(0) if server.break_after else None
            self.wfile.write(part[:limit])
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setitem(CORPORA, "tiny", CORPUS)
    state = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler(state))
    state.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    yield state
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def fetch(server: Server, tmp_path: Path, waited: list[float]) -> Callable[[], list[Path]]:
    target = tmp_path / "deep" / "corpus"
    return lambda: download("tiny", target, base_url=server.url + "/", wait=waited.append)


def check(paths: list[Path]) -> None:
    assert [path.name for path in paths] == ["local-a.gz", "local-b.gz"]
    assert [path.read_bytes() for path in paths] == list(CONTENT.values())
    assert {path.name for path in paths[0].parent.iterdir()} == {"local-a.gz", "local-b.gz"}


Fetch = Callable[[], list[Path]]


def test_files_are_fetched_once(server: Server, fetch: Fetch, waited: list[float]) -> None:
    check(fetch())
    assert server.asked == [("/a.gz", None), ("/b.gz", None)]
    check(fetch())
    assert len(server.asked) == 2 and waited == []


def test_a_broken_transfer_goes_on_where_it_broke(
    server: Server, fetch: Fetch, waited: list[float]
) -> None:
    server.break_after = [100_000, 50_000, None]
    check(fetch())
    ranges = [None, "bytes=100000-", "bytes=150000-"]
    assert server.asked[:3] == [("/a.gz", wanted) for wanted in ranges]
    assert waited == [1.0, 1.0]


def test_a_transfer_of_unknown_length_that_breaks_off_is_noticed(
    server: Server, fetch: Fetch
) -> None:
    server.chunked = True
    server.break_after = [100_000]
    with pytest.raises(DataError, match="is not the file it should be"):
        fetch()
    check(fetch())


def test_a_later_run_goes_on_with_what_an_earlier_one_left(
    server: Server, fetch: Fetch, tmp_path: Path, waited: list[float]
) -> None:
    server.break_after = [1000] + [0] * ATTEMPTS
    with pytest.raises(DataError, match=rf"after {ATTEMPTS} attempts"):
        fetch()
    assert waited == [1.0, 2.0, 4.0, 8.0, 16.0]
    part = tmp_path / "deep" / "corpus" / "local-a.gz.part"
    assert part.stat().st_size == 1000
    server.asked.clear()
    check(fetch())
    assert server.asked[0] == ("/a.gz", "bytes=1000-")


def test_a_server_that_ignores_ranges_starts_over(server: Server, fetch: Fetch) -> None:
    server.ranges = False
    server.break_after = [100_000, None]
    check(fetch())


def test_another_range_than_asked_for_is_not_taken(server: Server, fetch: Fetch) -> None:
    server.range_offset = 7
    server.break_after = [100_000, None]
    check(fetch())
    assert [wanted for _, wanted in server.asked] == [None, "bytes=100000-", None, None]


@pytest.mark.parametrize(
    "left", [b"quite another beginning", CONTENT["/a.gz"] + b"more", CONTENT["/a.gz"]]
)
def test_a_left_over_part_of_any_kind(
    server: Server, fetch: Fetch, tmp_path: Path, left: bytes
) -> None:
    part = tmp_path / "deep" / "corpus" / "local-a.gz.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(left)
    check(fetch())
    if left == CONTENT["/a.gz"]:
        assert [path for path, _ in server.asked] == ["/b.gz"]


def test_wrong_content_is_never_given_the_name(
    server: Server, fetch: Fetch, tmp_path: Path
) -> None:
    server.content["/a.gz"] = b"<html>Sign in to this network</html>"
    with pytest.raises(DataError, match=r"/a.gz is not the file it should be .*--base-url"):
        fetch()
    assert list((tmp_path / "deep" / "corpus").iterdir()) == []
    assert len(server.asked) == 1


def test_wrong_content_that_breaks_off_ends_too(server: Server, fetch: Fetch) -> None:
    server.content["/a.gz"] = bytes(300_000)
    server.break_after = [1000] * 20
    with pytest.raises(DataError, match="is not the file it should be"):
        fetch()


@pytest.mark.parametrize("status", [404, 403, 410])
def test_a_refusal_is_told_at_once(
    server: Server, fetch: Fetch, waited: list[float], tmp_path: Path, status: int
) -> None:
    server.statuses = [status]
    with pytest.raises(DataError, match=rf"/a.gz cannot be fetched: HTTP status {status}"):
        fetch()
    assert len(server.asked) == 1 and waited == []
    assert list((tmp_path / "deep" / "corpus").iterdir()) == []


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_a_passing_trouble_is_waited_out(
    server: Server, fetch: Fetch, waited: list[float], status: int
) -> None:
    server.statuses = [status, status]
    check(fetch())
    assert waited == [2.0, 4.0]


def test_no_server_at_all(tmp_path: Path, server: Server, waited: list[float]) -> None:
    with pytest.raises(DataError, match=r"http://127.0.0.1:9/a.gz cannot be fetched .*refused"):
        download("tiny", tmp_path / "x", base_url="http://127.0.0.1:9", wait=waited.append)
    assert list((tmp_path / "x").iterdir()) == []


def test_a_server_that_falls_silent(
    server: Server, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    monkeypatch.setattr(module, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server.url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(DataError, match="timed out"):
            fetch()


def test_an_existing_other_file_is_not_overwritten(
    server: Server, fetch: Fetch, tmp_path: Path
) -> None:
    mine = tmp_path / "deep" / "corpus" / "local-a.gz"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    with pytest.raises(DataError, match="move it away"):
        fetch()
    assert mine.read_bytes() == b"mine" and server.asked == []


def test_two_downloads_do_not_mix(server: Server, fetch: Fetch, tmp_path: Path) -> None:
    part = tmp_path / "deep" / "corpus" / "local-a.gz.part"
    part.parent.mkdir(parents=True)
    with part.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DataError, match="another download"):
            fetch()
    check(fetch())


def test_a_directory_that_cannot_be_written(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written"):
        download("tiny", tmp_path / "file", base_url=server.url)


def test_names_and_addresses_are_checked(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="known are multi30k"):
        download("multi40k", tmp_path)
    with pytest.raises(SettingsError, match="must begin with http"):
        download("multi30k", tmp_path, base_url="file:///etc")


def test_progress_reaches_the_end(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    server.break_after = [100_000]
    download(
        "tiny",
        tmp_path,
        base_url=server.url,
        progress=lambda *event: seen.append(event),
        wait=lambda seconds: None,
    )
    assert ("local-a.gz", 300_000, 300_000) in seen and ("local-b.gz", 300_000, 300_000) in seen
    assert all(done <= 300_000 for _, done, _ in seen)


def test_the_command_prints_the_directory_and_nothing_else(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["tiny", "--directory", str(tmp_path / "d"), "--base-url", server.url]
    assert main(argv) == 0
    assert capsys.readouterr() == (f"{tmp_path / 'd'}\n", "")


def test_the_commands_default_directory(
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["tiny", "--base-url", server.url]) == 0
    check([tmp_path / "downloads" / "tiny" / f"local-{name}.gz" for name in "ab"])
    with pytest.raises(SettingsError, match="'nothing'"):
        main(["nothing"])


def test_multi30k_has_the_names_its_experiment_asks_for() -> None:
    files = CORPORA["multi30k"].files
    assert [file.local for file in files] == [
        f"{split}.{side}.gz" for split in ("train", "valid", "test2016") for side in ("en", "de")
    ]
    assert len({file.sha256 for file in files}) == 6
    assert all(len(file.sha256) == 64 for file in files)
