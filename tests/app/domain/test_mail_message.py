"""Mail on the wire: strict, the same every time, and deaf to whatever a fact would like to add."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.mail_message import UNKNOWN_ADDRESS, Letter, message_digest, message_id, thread_id, wire_bytes
from app.domain.untrusted import safe_line, safe_text

LETTER = Letter(
    kind="announcement",
    sender_name="The Aster Project",
    sender="security@aster.example",
    to_name="announcements",
    to="announce@lists.aster.example",
    domain="aster.example",
    subject="Aster security updates",
    body="The releases are available.\n\nhttps://aster.example/en/blog/\n",
    date=datetime(2099, 7, 16, 16, 0, tzinfo=UTC),
)
HEADERS = ["Date", "From", "To", "Subject", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=300)


def read(letter: Letter) -> EmailMessage:
    message = message_from_bytes(wire_bytes(letter), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body_of(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def test_a_plain_letter_is_plain_ascii() -> None:
    message = read(LETTER)
    assert message.keys() == HEADERS
    assert message["Date"] == "Thu, 16 Jul 2099 16:00:00 +0000"
    assert message["From"] == "The Aster Project <security@aster.example>"
    assert message["Content-Transfer-Encoding"] == "7bit"
    assert body_of(message) == LETTER.body
    assert wire_bytes(LETTER).isascii()


def test_lines_end_in_cr_lf_and_nothing_else() -> None:
    data = wire_bytes(replace(LETTER, body="a\nb\rc\r\nd"))
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")


def test_the_moment_is_told_in_utc_to_the_second() -> None:
    abroad = LETTER.date.astimezone(timezone(timedelta(hours=14))) + timedelta(microseconds=5)
    assert wire_bytes(replace(LETTER, date=abroad)) == wire_bytes(LETTER)


def test_what_is_said_makes_the_message_id() -> None:
    assert read(LETTER)["Message-ID"] == message_id(message_digest(LETTER), "aster.example")
    others = [
        replace(LETTER, body="other"),
        replace(LETTER, subject="other"),
        replace(LETTER, to="other@aster.example"),
        replace(LETTER, kind="other"),
        replace(LETTER, in_reply_to="<a@b.example>"),
        replace(LETTER, date=LETTER.date + timedelta(seconds=1)),
    ]
    assert len({str(read(letter)["Message-ID"]) for letter in (LETTER, *others)}) == len(others) + 1


def test_a_long_subject_is_folded_between_words() -> None:
    subject = "CVE-2099-10001: Aster runtime: " + "Folded header lines hide a second request " * 3
    data = wire_bytes(replace(LETTER, subject=subject))
    assert b"Subject: CVE-2099-10001: Aster runtime: Folded header lines hide a second\r\n request" in data
    assert read(replace(LETTER, subject=subject))["Subject"] == subject.strip()


def test_a_reply_names_what_it_answers() -> None:
    message = read(replace(LETTER, in_reply_to="<first@aster.example>"))
    assert (message["In-Reply-To"], message["References"]) == ("<first@aster.example>", "<first@aster.example>")
    assert "In-Reply-To" not in read(replace(LETTER, in_reply_to="no id\r\nX: y"))
    assert thread_id("<" + "a" * 300 + "@b.example>") == ""


def test_words_beyond_ascii_arrive() -> None:
    letter = replace(LETTER, subject="Überlauf in „Aster“ — 漢字", body="Größe 漢字\n", sender_name="Jörg Müller")
    message = read(letter)
    assert (message["Subject"], body_of(message)) == (letter.subject, letter.body)
    assert message["From"].addresses[0].display_name == "Jörg Müller"
    assert message["Content-Transfer-Encoding"] == "quoted-printable"
    assert wire_bytes(letter).isascii()


def test_a_line_that_begins_with_from_is_hidden_from_relays() -> None:
    letter = replace(LETTER, body="From here on\nall is well\nFrom there\n")
    assert not re.search(rb"^From ", wire_bytes(letter).split(b"\r\n\r\n", 1)[1], re.MULTILINE)
    assert body_of(read(letter)) == letter.body


@pytest.mark.parametrize(
    "address", ["", "no address", "a@b", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example"]
)
def test_a_wrong_address_becomes_one_that_no_mail_reaches(address: str) -> None:
    message = read(replace(LETTER, sender=address, to=address))
    assert [a.addr_spec for a in (*message["From"].addresses, *message["To"].addresses)] == [UNKNOWN_ADDRESS] * 2
    assert message.keys() == HEADERS


def test_a_wrong_domain_makes_no_header() -> None:
    assert message_id("0" * 24, "evil>\r\nX: y") == f"<{'0' * 24}@localhost>"


@given(TEXT, TEXT, TEXT)
@example("x\r\nBcc: all@example.org", "y\r\n\r\nbody", "z\n.\nMAIL FROM:<a@b.example>")
@example("x" * 300, "a b " * 100, "word" * 400)
@example("=?utf-8?q?x?= y", "=?utf-8?b?eA==?=", "=20=\n=")
@example("=?utf-8?q?x=0D=0ABcc:_all@example.org?=", "=?utf-8?q?=0D=0AX:_y?=", "")
@example("漢" * 200, "é" * 90, "漢字 " * 300)
@example("\u2028\x85\x0b\x0c", "\u2029", "\x0b\x0c\x1c\x85\u2028")
def test_no_fact_adds_a_header_or_a_long_line(subject: str, name: str, body: str) -> None:
    letter = replace(LETTER, subject=subject, sender_name=name, to_name=name, body=body)
    data = wire_bytes(letter)
    message = read(letter)
    assert message.keys() == HEADERS
    assert message.get_content_type() == "text/plain"
    assert max(len(line) for line in data.split(b"\r\n")) <= 78
    assert data.isascii()
    assert not message.defects
    assert [len(message[key].addresses) for key in ("From", "To")] == [1, 1]
    wanted = " ".join(safe_line(subject, 200).replace("=?", "= ?").split()) or "(no subject)"
    assert "".join(str(message["Subject"]).split()) == "".join(wanted.split())
    assert body_of(message) == safe_text(body).strip("\n") + "\n"
