"""Who may join a fleet: keys of its own authority, loopback without, versions and their texts by name."""

import stat
from pathlib import Path

import pytest
from msgspec import structs

from app.core.errors import KernelscopeError, UsageError
from app.fleet import agreement as agreed
from app.fleet.agreement import Agreement, agreement
from app.fleet.fleet import Fleet
from app.fleet.machines import Standing, seen
from app.fleet.protocol import METRIC, Queued, State, encode
from app.fleet.serving import checked_name
from app.fleet.trust import AUTHORITY, CERTIFICATE, KEY, Door, door, make_keys
from tests.fleet.conftest import Programs

OURS = Agreement("0.10.0", "abc")


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    for path in make_keys(folder, ["scheduler", "lena"]):
        assert {entry.name for entry in path.iterdir()} == {AUTHORITY, CERTIFICATE, KEY}
        assert stat.S_IMODE((path / KEY).stat().st_mode) == 0o600
    with pytest.raises(KernelscopeError, match="is there already"):
        make_keys(folder, ["lena"])
    (more,) = make_keys(folder, ["otto"])  # signed by the same authority
    assert (more / AUTHORITY).read_bytes() == (folder / AUTHORITY).read_bytes()
    with pytest.raises(UsageError, match="no name for a folder"):
        make_keys(folder, ["../otto"])


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost:9000", "tcp://[::1]:9000"])
def test_loopback_goes_without_keys(address: str) -> None:
    assert door(address, None).protocol == "tcp"


@pytest.mark.parametrize("address", ["10.0.0.3", "lab-7:8786", "tcp://lab-7", "tls://127.0.0.1", "0.0.0.0"])
def test_anything_else_is_refused_with_the_reason(address: str) -> None:
    with pytest.raises(UsageError, match=r"takes --keys FOLDER.*whoever may connect runs code"):
        door(address, None)


@pytest.mark.parametrize("address", ["", "http://lab", "lab:port", "lab:1/x", "me@lab"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(UsageError, match="no address of a scheduler"):
        door(address, None)


def test_keys_that_others_may_read_or_that_are_none_are_refused(tmp_path: Path) -> None:
    (own,) = make_keys(tmp_path / "keys", ["client"])
    assert door("lab-7", own).address == "tls://lab-7:8786"
    (own / KEY).chmod(0o644)
    with pytest.raises(KernelscopeError, match=r"may be read by others: chmod 600"):
        door("lab-7", own)
    with pytest.raises(KernelscopeError, match=r"has no ca\.pem"):
        door("lab-7", tmp_path)


def test_only_keys_of_the_fleets_own_authority_let_in(tmp_path: Path) -> None:
    """A real scheduler: own keys, those of another authority, and none."""
    ours = make_keys(tmp_path / "ours", ["scheduler", "client"])
    (foreign,) = make_keys(tmp_path / "foreign", ["client"])
    programs = Programs(tmp_path)
    try:
        plain = programs.schedule("--keys", str(ours[0]))
        assert "tls://" in programs.log("scheduler")
        Fleet(Door("127.0.0.1", plain.port, ours[1])).close()
        for keys in (foreign, None):
            with pytest.raises(KernelscopeError, match=r"refuses these keys|no scheduler answers"):
                Fleet(Door("127.0.0.1", plain.port, keys))
    finally:
        programs.close()


def info(state: State | None, name: str = "m1") -> dict[str, object]:
    metrics = {METRIC: encode(state).decode()} if state else {}
    return {"workers": {"tcp://1": {"name": name, "metrics": metrics}}}


def test_other_versions_and_other_texts_are_refused_by_name() -> None:
    def words(**changed: str) -> str:
        return seen(info(State(structs.replace(OURS, **changed))), OURS)[0].words

    assert words() == "ready"
    assert words(version="0.9.2") == "refused: version 0.9.2 there, 0.10.0 here: update Kernelscope there"
    assert words(version="0.11") == "refused: version 0.11 there, 0.10.0 here: update Kernelscope here"
    assert "other kernels or another method there" in words(texts="def")
    assert seen(info(None), OURS)[0].standing is Standing.REFUSED


def test_the_digest_tells_kernels_and_method_apart_and_not_line_ends(tmp_path: Path) -> None:
    def digest(text: bytes) -> str:
        import hashlib

        (tmp_path / "a.wgsl").write_bytes(text)
        made = hashlib.sha256()
        agreed._add(made, tmp_path, "kernels")
        return made.hexdigest()

    assert digest(b"a\nb") == digest(b"a\r\nb") != digest(b"a\nc")
    assert agreement() == agreement()


def test_states_say_who_is_at_what() -> None:
    queue = (Queued("r1", "lena", 3), Queued("r2", "otto", 1), Queued("mine", "me", 2))
    state = State(OURS, ("numpy",), running="r1", queue=queue)
    assert seen(info(state), OURS, run="mine")[0].words == "queued behind 2 (lena, otto)"
    assert seen(info(state), OURS)[0].words == "busy with 3 (lena, otto, me)"
    assert seen(info(structs.replace(state, running="mine")), OURS, run="mine")[0].words == "running"
    held = structs.replace(state, running="", queue=(), held="lena measures on this machine since 20:03 UTC")
    assert seen(info(held), OURS)[0].standing is Standing.HELD
    (gone,) = seen({"workers": {}}, OURS, seen(info(state), OURS))
    assert (gone.standing, gone.targets) == (Standing.LOST, ("numpy",))
    odd = seen(info(structs.replace(state, queue=(Queued("x", "\x1b[31mred", 1),))), OURS)[0]
    assert "\x1b" not in odd.words


def test_a_name_for_a_machine_is_one_word() -> None:
    assert checked_name("rtx-4090.lab") == "rtx-4090.lab"
    for name in ("a b", "m@1", "m/1", "-m"):
        with pytest.raises(UsageError, match="no name for a machine"):
            checked_name(name)


def test_the_commands_say_in_one_line_what_is_missing(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from app.cli.commands import app
    from app.cli.fleet import scheduler_command

    with pytest.raises(UsageError, match=r"^0\.0\.0\.0:8786 takes --keys FOLDER"):
        scheduler_command("0.0.0.0", 8786, None)
    done = CliRunner().invoke(app, ["run", "--keys", str(tmp_path)])
    assert done.exit_code == 2
    assert "belong to --fleet ADDRESS" in " ".join(done.output.split())


def test_what_keys_are_for_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from app.cli.fleet import make_keys_command

    make_keys_command(tmp_path / "keys", ())
    text = capsys.readouterr().out
    assert text.count("copy it to") == 3
    assert "whoever has keys runs code on every machine" in text
