"""OpenPGP through a real gpg: what is encrypted reaches the key that was meant, what is damaged is never believed."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.errors import AppError, Environment, Rejected
from app.machine.gpg import Gpg
from app.machine.openpgp import SystemOpenPgp
from app.machine.openpgp_packets import recipients
from tests.app.machine.gpg_world import ADA, CANCELS, PASSPHRASE, GpgHome, pretender

SECRET = bytes(range(32))
FPR = "0123456789ABCDEF0123456789ABCDEF01234567"
SUB = "89ABCDEF01234567"
LISTING = (
    f"print('pub:u:255:22:{SUB}:1795201625:::u:::scESC:::+::ed25519:::0:')\n"
    f"print('fpr:::::::::{FPR}:')\n"
    f"print('sub:u:255:18:{SUB}:1795201625::::::e:::+::cv25519::')\n"
)
SPINE = (
    *(f"DECRYPTION_KEY {FPR} {FPR} u", "BEGIN_DECRYPTION", "DECRYPTION_INFO 2 9 0", "PLAINTEXT 62 0 "),
    *("DECRYPTION_OKAY", "GOODMDC", "END_DECRYPTION"),
)
needs_gpg = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg (Debian: gnupg) is not here")


@pytest.fixture(scope="module")
def home() -> Iterator[GpgHome]:
    made = GpgHome()
    yield made
    made.end()


@pytest.fixture(scope="module")
def ada(home: GpgHome) -> str:
    return home.make(ADA)


def refused(act: Callable[[], object]) -> tuple[str, object]:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.code, caught.value.facts.get("why")


def framed(*packets: tuple[int, bytes]) -> bytes:
    """Packets of the new form, RFC 4880 section 4.2.2."""
    return b"".join(bytes([0xC0 | tag, 255]) + len(body).to_bytes(4) + body for tag, body in packets)


def to_key(key_id: str = SUB) -> tuple[int, bytes]:
    return 1, b"\x03" + bytes.fromhex(key_id) + b"\x12" + bytes(40)


# ------------------------------------------------------------------------------------------- with a real gpg
@needs_gpg
@pytest.mark.parametrize("armour", [False, True])
def test_what_is_encrypted_to_a_key_comes_back_whole(home: GpgHome, ada: str, armour: bool) -> None:
    message = home.pgp.encrypt(SECRET, [ada], armour=armour)
    assert message.startswith(b"-----BEGIN PGP MESSAGE-----") == armour
    assert SECRET not in message
    assert home.pgp.unwrap(message) == SECRET


@needs_gpg
def test_a_large_message_goes_both_ways_without_anybody_waiting_for_the_other(home: GpgHome, ada: str) -> None:
    data = bytes(3_000_000)
    assert home.pgp.decrypt(home.pgp.encrypt(data, [ada]), len(data)) == data


@needs_gpg
def test_the_keys_that_can_open_a_store_are_listed_with_what_a_person_knows_them_by(home: GpgHome, ada: str) -> None:
    found = next(key for key in home.pgp.secret_keys() if key.fingerprint == ada)
    assert (found.name, found.can_encrypt, found.is_card, found.expires) == (ADA, True, False, None)
    assert found.created is not None
    assert found.created.utcoffset() is not None


@needs_gpg
def test_a_message_to_two_keys_names_exactly_these_two(home: GpgHome, ada: str) -> None:
    bo = home.make("Bo Example <bo@example.org>")
    message = home.pgp.encrypt(SECRET, [ada, bo, ada])
    expected = {key.encrypting[0] for key in home.pgp.list_keys(ada, bo)}
    assert (len(recipients(message)), set(recipients(message))) == (2, expected)


@needs_gpg
def test_settings_of_gpg_that_redirect_or_add_recipients_are_not_read(home: GpgHome, ada: str) -> None:
    mallory = home.make("Mallory <ada@example.org>")
    config = home.folder / "gpg.conf"
    config.write_text(f"hidden-encrypt-to {mallory}\nencrypt-to {mallory}\ngroup {ada}={mallory}\n", "utf-8")
    try:
        control = recipients(home.call("--recipient", ada, "--encrypt", data=SECRET))
        message = home.pgp.wrap(ada, SECRET)
    finally:
        config.unlink()
    own = home.pgp.list_keys(ada)[0].encrypting
    assert set(control) != set(own), "the control did not redirect"
    assert recipients(message) == own


@needs_gpg
def test_keys_that_can_not_be_encrypted_to_are_refused(home: GpgHome) -> None:
    signs_only = home.make("Cy Example <cy@example.org>", kind="ed25519")
    assert refused(lambda: home.pgp.wrap(signs_only, SECRET)) == ("openpgp.no-key", None)
    assert refused(lambda: home.pgp.wrap(FPR, SECRET)) == ("openpgp.no-key", None)
    assert not next(key for key in home.pgp.secret_keys() if key.fingerprint == signs_only).can_encrypt


@needs_gpg
def test_an_expired_key_is_refused_and_named_as_one(home: GpgHome) -> None:
    old = home.make("Dee Example <dee@example.org>", expires="20990101T000000")
    home.call("--quick-set-expire", old, "seconds=1", data=b"")
    late = SystemOpenPgp(Gpg(str(_later(home.folder)), home.environment))
    assert not late.list_keys(old)[0].usable
    assert refused(lambda: late.wrap(old, SECRET)) == ("openpgp.no-key", None)


def _later(folder: Path) -> Path:
    """gpg some years from now, so that nobody has to wait for a key to expire."""
    program = folder / "later"
    program.write_text('#!/bin/sh\nexec gpg --faked-system-time 20300101T000000 "$@"\n', "utf-8")
    program.chmod(0o700)
    return program


@needs_gpg
def test_no_flipped_byte_of_a_message_is_believed(home: GpgHome, ada: str) -> None:
    message = home.pgp.wrap(ada, SECRET)
    for place in range(0, len(message), 9):
        bad = message[:place] + bytes([message[place] ^ 0x20]) + message[place + 1 :]
        assert refused(lambda sent=bad: home.pgp.unwrap(sent))[0] in ("openpgp.refused", "openpgp.no-key"), place  # type: ignore[misc]


@needs_gpg
@pytest.mark.parametrize("kind", ["literal", "signed", "symmetric", "two", "prefixed", "cut", "cleartext", "both ways"])
def test_what_is_no_single_message_to_keys_never_reaches_gpg(home: GpgHome, ada: str, kind: str) -> None:
    message = home.pgp.wrap(ada, SECRET)
    loopback = ("--pinentry-mode", "loopback", "--passphrase", "x")
    made: dict[str, Callable[[], bytes]] = {
        "literal": lambda: home.call("--store", data=SECRET),
        "signed": lambda: home.call("--local-user", ada, "--sign", data=SECRET),
        "symmetric": lambda: home.call(*loopback, "--symmetric", data=SECRET),
        "both ways": lambda: home.call(*loopback, "--recipient", ada, "--symmetric", "--encrypt", data=SECRET),
        "two": lambda: message + message,
        "prefixed": lambda: home.call("--store", data=b"before") + message,
        "cut": lambda: message[:-1],
        "cleartext": lambda: home.call("--local-user", ada, "--clear-sign", data=SECRET),
    }
    assert refused(lambda: home.pgp.unwrap(made[kind]())) == ("openpgp.refused", "form")


@needs_gpg
def test_signed_content_inside_an_encrypted_message_is_no_secret_of_ours(home: GpgHome, ada: str) -> None:
    message = home.call("--local-user", ada, "--recipient", ada, "--sign", "--encrypt", data=SECRET)
    assert refused(lambda: home.pgp.unwrap(message)) == ("openpgp.refused", "status")


@needs_gpg
def test_more_content_than_was_asked_for_is_refused_whole(home: GpgHome, ada: str) -> None:
    message = home.pgp.encrypt(bytes(5000), [ada])
    assert refused(lambda: home.pgp.decrypt(message, 4999)) == ("openpgp.refused", "size")
    assert home.pgp.decrypt(message, 5000) == bytes(5000)


@needs_gpg
def test_without_the_key_it_says_that_the_key_is_not_here(home: GpgHome, ada: str) -> None:
    elsewhere = GpgHome()
    try:
        message = home.pgp.wrap(ada, SECRET)
        assert refused(lambda: elsewhere.pgp.unwrap(message)) == ("openpgp.no-key", None)
        assert elsewhere.pgp.secret_keys() == ()
    finally:
        elsewhere.end()


@needs_gpg
def test_the_agent_asks_for_the_passphrase_and_a_person_who_cancels_is_understood(home: GpgHome) -> None:
    guarded = home.make("Eve Example <eve@example.org>", passphrase=PASSPHRASE)
    message = home.pgp.wrap(guarded, SECRET)
    home.answers(CANCELS)
    assert refused(lambda: home.pgp.unwrap(message)) == ("openpgp.cancelled", None)
    home.answers(f"D {PASSPHRASE}")
    assert home.pgp.unwrap(message) == SECRET


# ------------------------------------------------------------------------------------ without believing a gpg
@pytest.mark.parametrize(
    "name",
    [
        "",
        "ada@example.org",
        "0x" + FPR,
        FPR[-16:],
        FPR[:39],
        FPR + "0",
        FPR.lower(),
        FPR + "!",
        "--output=x",
        f"{FPR}\n",
    ],
)
def test_nothing_but_a_whole_fingerprint_reaches_gpg(tmp_path: Path, name: str) -> None:
    reached = tmp_path / "reached"
    pgp = pretender(tmp_path, f"open({str(reached)!r}, 'w')")
    with pytest.raises(Rejected, match=r"openpgp\.fingerprint"):
        pgp.wrap(name, SECRET)
    with pytest.raises(Rejected, match=r"openpgp\.fingerprint"):
        pgp.list_keys(name)
    assert not reached.exists()


def test_without_gpg_it_says_so(tmp_path: Path) -> None:
    nowhere = SystemOpenPgp(Gpg(environment={"PATH": str(tmp_path)}))
    assert refused(nowhere.secret_keys) == ("openpgp.missing", None)
    broken = SystemOpenPgp(Gpg(str(tmp_path / "gpg"), {}))
    assert refused(broken.secret_keys) == ("openpgp.missing", None)


def test_a_card_is_told_from_a_key_on_the_disk_and_an_absent_secret_part_opens_nothing(tmp_path: Path) -> None:
    listing = (
        "sec:u:255:22:AAAAAAAAAAAAAAAA:1795201625:::u:::scESC:::D2760001240103040006000000000000::ed25519:::0:\n"
        f"fpr:::::::::{FPR}:\nuid:u::::1795201625::AA::Fay \\x3a Example\\x1b[2J::::::::::0:\n"
        "ssb:u:255:18:BBBBBBBBBBBBBBBB:1795201625::::::e:::D2760001240103040006000000000000::cv25519::\n"
        "sec:u:255:22:CCCCCCCCCCCCCCCC:1795201625:::u:::scESC:::#::ed25519:::0:\n"
        f"fpr:::::::::{FPR[::-1]}:\nssb:u:255:18:DDDDDDDDDDDDDDDD:1795201625::::::e:::#::cv25519::\n"
        "sec:u:255:22:EEEEEEEEEEEEEEEE:1795201625:::u:::scESC:::+::ed25519:::0:\nfpr:::::::::SHORT:\n"
    )
    card, away = pretender(tmp_path, f"sys.stdout.write({listing!r})").secret_keys()
    assert (card.fingerprint, card.is_card, card.can_encrypt) == (FPR, True, True)
    assert card.name.startswith("Fay : Example")
    assert "\x1b" not in card.name
    assert (away.is_card, away.can_encrypt) == (False, False)


@pytest.mark.parametrize(
    "body",
    [
        f"sys.stdout.buffer.write({SECRET!r})",
        "".join(f"status({line!r})\n" for line in SPINE[:-1]),
        "".join(f"status({line!r})\n" for line in (*SPINE, "BEGIN_DECRYPTION")),
        "".join(f"status({line!r})\n" for line in (*SPINE[:3], *SPINE)),
        "".join(f"status({line!r})\n" for line in (*SPINE, "NEWS nobody knows")),
        "".join(f"status({line!r})\n" for line in SPINE) + "sys.exit(2)",
        "".join(f"status({line!r})\n" for line in SPINE) + "os.write(fd, b'gpg: strange\\n')",
        "".join(f"status({line!r})\n" for line in SPINE if line != "GOODMDC"),
        "".join(f"status({line!r})\n" for line in (*SPINE[:2], "BADMDC", *SPINE[2:])),
        "".join(f"print({f'[GNUPG:] {line}'!r})\n" for line in SPINE),
        "".join(f"print({f'[GNUPG:] {line}'!r}, file=sys.stderr)\n" for line in SPINE),
    ],
    ids=[
        *("no status", "no end", "two beginnings", "twice", "unknown line", "exit code", "no status line", "no check"),
        *("damaged", "status in the content", "status in the log"),
    ],
)
def test_only_the_exact_course_of_a_decryption_is_one(tmp_path: Path, body: str) -> None:
    message = framed(to_key(), (18, b"\x01" + bytes(60)))
    assert refused(lambda: pretender(tmp_path, body).unwrap(message)) == ("openpgp.refused", "status")


def test_the_exact_course_is_believed(tmp_path: Path) -> None:
    body = "".join(f"status({line!r})\n" for line in ("ENC_TO X 18 0", *SPINE)) + "sys.stdout.write('yes')"
    assert pretender(tmp_path, body).unwrap(framed(to_key(), (18, b"\x01" + bytes(60)))) == b"yes"


@pytest.mark.parametrize(
    "sent",
    [
        framed(to_key("0" * 16), (18, b"\x01" + bytes(60))),
        framed(to_key(), to_key("1" * 16), (18, b"\x01" + bytes(60))),
        framed(to_key(), to_key(), (18, b"\x01" + bytes(60))),
    ],
    ids=["a hidden one", "one more", "twice the same"],
)
def test_a_message_that_somebody_else_could_read_is_thrown_away(tmp_path: Path, sent: bytes) -> None:
    body = f"if listing:\n    exec({LISTING!r})\n    sys.exit()\n"
    body += f"status('BEGIN_ENCRYPTION 2 9')\nstatus('END_ENCRYPTION')\nsys.stdout.buffer.write({sent!r})"
    assert refused(lambda: pretender(tmp_path, body).wrap(FPR, SECRET)) == ("openpgp.refused", "recipients")


def test_a_program_that_never_ends_is_ended(tmp_path: Path) -> None:
    pgp = pretender(tmp_path, "time.sleep(600)")
    short = SystemOpenPgp(pgp._gpg, quick=0.3, person=0.3)
    assert refused(short.secret_keys) == ("openpgp.refused", "time")


def test_what_gpg_has_no_need_of_in_the_environment_stays_here(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    pgp = pretender(tmp_path, f"import json\njson.dump([dict(os.environ), sys.argv], open({str(seen)!r}, 'w'))")
    pgp._gpg._environment = {
        "PATH": "/usr/bin:/bin",
        "HOLDFAST_TOKEN": "secret",
        "LANG": "tr_TR",
        "GNUPGHOME": "/nowhere",
    }
    pgp.secret_keys()
    environment, words = json.loads(seen.read_text("utf-8"))
    assert {k: v for k, v in environment.items() if k in ("HOLDFAST_TOKEN", "LANG", "LC_ALL", "GNUPGHOME")} == {
        "LC_ALL": "C.UTF-8",
        "GNUPGHOME": "/nowhere",
    }
    assert {"--no-options", "--batch", "--no-tty", "--trust-model=always"} <= set(words)


# -------------------------------------------------------------------------------------------------- packets
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\xc1",
        b"\xc1\xff\x00",
        framed(to_key()),
        framed((18, bytes(60))),
        framed((3, bytes(13)), (18, bytes(60))),
        framed(to_key(), (9, bytes(60))),
        framed(to_key(), (18, bytes(60)), (18, bytes(60))),
        framed(*[to_key()] * 65, (18, bytes(60))),
        b"-----BEGIN PGP MESSAGE-----\n\n????\n-----END PGP MESSAGE-----",
        b"-----BEGIN PGP MESSAGE-----\nAAAA\n-----END PGP MESSAGE-----",
    ],
)
def test_packets_that_are_no_message_to_keys_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^(not a|cut off|more follows|armour)"):
        recipients(data)


def test_bodies_in_pieces_and_lengths_of_every_form_are_understood() -> None:
    key = to_key()[1]
    old = bytes([0x84, len(key)]) + key
    pieces = bytes([0xD2, 0xE4]) + bytes(16) + bytes([0xC0, 0x08]) + bytes(200)
    assert recipients(old + pieces) == (SUB,)
    two = bytes([0x85]) + len(key).to_bytes(2) + key
    assert recipients(two + bytes([0xD2, 60]) + bytes(60)) == (SUB,)
    armoured = b"-----BEGIN PGP MESSAGE-----\nVersion: x\n\n" + base64.b64encode(old + pieces)
    assert recipients(armoured + b"\n=AAAA\n-----END PGP MESSAGE-----\n") == (SUB,)


def test_a_failure_keeps_nothing_of_what_was_to_be_encrypted() -> None:
    with pytest.raises(Environment) as caught:
        SystemOpenPgp(Gpg("/nonexistent/gpg", {})).wrap(FPR, b"very secret")
    assert "secret" not in repr(caught.value.facts)
