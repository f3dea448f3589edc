"""A report by mail becomes a case: headers, text, attachments, and the message itself."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.desk.ports.exchange import CaseDraft
from app.domain.commands.case_commands import AddNote, Receive
from app.domain.errors import Rejected
from app.domain.values import Reporter
from app.importers.eml import IMPORTER
from app.importers.eml.header_block import decode_words
from app.importers.eml.html_text import text_of
from tests.app.importers.samples import command, file, fixture, read, source, the_case

HEAD = b"From: robin@reporter.example\nSubject: A report\nDate: Mon, 02 Mar 2099 08:12:45 +0000\n"


def mail(rest: bytes, head: bytes = HEAD) -> CaseDraft:
    """The case of a message with these further headers and this body."""
    return the_case(IMPORTER, source(head + rest, "report.eml"))


def received(draft: CaseDraft) -> Receive:
    found: Receive = command(draft, Receive)
    return found


def notes(draft: CaseDraft) -> str:
    return "\n".join(one.text for one in draft.commands if isinstance(one, AddNote))


def refusal_of(data: bytes) -> tuple[str, str]:
    with pytest.raises(Rejected) as caught:
        read(IMPORTER, source(data, "report.eml"))
    return caught.value.code, str(caught.value.facts["field"])


def test_headers_text_and_threading_are_read() -> None:
    draft = the_case(IMPORTER, fixture("mail/plain.eml"))
    report = received(draft)
    assert report.subject == "Re: Ré, folded headers hide a second request"
    assert report.title == "Ré, folded headers hide a second request"
    assert report.channel == "email"
    assert report.received_at == datetime(2099, 3, 2, 7, 12, 45, tzinfo=UTC)
    assert report.reporters == (Reporter(name="Robin, the Réporter", email="robin@reporter.example"),)
    assert report.message_id == "<fold-1@reporter.example>"
    assert report.references == ("<welcome-1@aster.example>", "<welcome-2@aster.example>")
    assert report.text.startswith("Hello,\n\nthe second request")
    assert "From here on" in report.text
    assert draft.key == "eml:<fold-1@reporter.example>"
    assert [type(one) for one in draft.commands] == [Receive]


def test_the_message_itself_is_kept_byte_for_byte() -> None:
    given = fixture("mail/plain.eml")
    (original,) = the_case(IMPORTER, given).attachments
    assert (original.name, original.original, original.data) == ("plain.eml", True, given.data)
    assert original.media_type == "message/rfc822"


def test_the_words_of_html_are_taken_where_there_is_no_plain_text() -> None:
    draft = the_case(IMPORTER, fixture("mail/html.eml"))
    assert received(draft).text == "First <b> line & more\n\nSecond\nthird"
    assert "HTML" in notes(draft)


def test_a_date_that_can_not_be_relied_on_is_left_to_the_desk() -> None:
    draft = the_case(IMPORTER, fixture("mail/html.eml"))
    assert received(draft).received_at is None
    assert "Date" in notes(draft)
    assert received(the_case(IMPORTER, fixture("mail/encrypted.eml"))).received_at is None


def test_attachments_keep_their_bytes_under_names_that_are_safe_to_show() -> None:
    draft = the_case(IMPORTER, fixture("mail/attachments.eml"))
    _, *parts = draft.attachments
    assert [(p.name, p.media_type) for p in parts] == [
        ("repro.sh", "text/plain"),
        ("in<U+202E>voice<U+0000>gnp.exe", "image/png"),
        ("part-4.eml", "message/rfc822"),
    ]
    assert [p.data for p in parts][:2] == [b"echo made up", b"made up"]
    assert received(draft).text == "Grüße, see the files."
    assert "../../etc/repro.sh → repro.sh" in notes(draft)


def test_encrypted_parts_are_kept_unread() -> None:
    draft = the_case(IMPORTER, fixture("mail/encrypted.eml"))
    assert received(draft).text == ""
    assert [p.name for p in draft.attachments[1:]] == ["part-1.asc", "part-2.asc"]
    assert draft.attachments[2].data.startswith(b"-----BEGIN PGP MESSAGE-----")


@pytest.mark.parametrize(
    ("name", "code", "field"),
    [
        ("no-body", "mail.no-body", "body"),
        ("no-boundary", "mail.no-boundary", "body"),
        ("other-boundary", "mail.boundary-missing", "body"),
        ("cut-short", "mail.cut-short", "body"),
    ],
)
def test_a_message_without_body_or_with_a_broken_tree_is_recognised_and_rejected(
    name: str, code: str, field: str
) -> None:
    given = fixture(f"mail/{name}.eml")
    assert IMPORTER.recognises(given)
    assert refusal_of(given.data) == (code, field)


def test_limits_are_kept_before_anything_is_parsed() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(12))
    nested += b"\nx" + b"".join(b"\n--b%d--\n" % n for n in reversed(range(12)))
    parts = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5000 + b"--b--\n"
    assert refusal_of(HEAD + b"X: " + b"=?utf-8?q?=41?= " * 20_000 + b"\n\nx") == ("mail.headers-too-long", "headers")
    assert refusal_of(HEAD + b"X-Long: " + b"a" * 70_000 + b"\n\nx") == ("mail.header-too-long", "headers: x-long")
    assert refusal_of(HEAD + nested) == ("mail.too-deep", "part " + ".".join("1" * 10))
    assert refusal_of(HEAD + parts) == ("mail.too-many-parts", "part 200")
    many = b"Subject: x\nFrom: " + b"a@example.org, " * 300 + b"\n\nx"
    assert refusal_of(many) == ("mail.too-many-addresses", "from")
    with pytest.raises(Rejected, match="too-large"):
        read(IMPORTER, source(HEAD + b"\n" + bytes(50 * 1024 * 1024)))


def test_a_mailbox_of_several_messages_is_rejected() -> None:
    one = b"From robin@host Mon Mar  2 08:12:45 2099\n" + HEAD + b"\nText.\n\n"
    assert received(the_case(IMPORTER, source(one))).text == "Text."
    assert refusal_of(one * 2) == ("mail.mailbox", "body")


def test_headers_built_to_break_a_parser_are_survived() -> None:
    for value in (b"(" * 5000, b"<" * 5000, b'"' * 5001, b"a:b:c:;,;", b"Team: a@b.c, d@e.f;", b"\xff\xfe <x>", b"@@@"):
        report = received(mail(b"\nx", b"Subject: s\nMIME-Version: 1.0\nFrom: " + value + b"\n"))
        assert report.text == "x"
        assert all(not one.email or "@" in one.email for one in report.reporters)


def test_an_address_that_is_none_can_not_be_written_to() -> None:
    report = received(
        mail(b"\nx", b"Subject: s\nMessage-ID: <a@b>\nFrom: Robin <root@localhost\xe2\x80\xae.example>\n")
    )
    assert (report.reporters[0].name, report.reporters[0].email) == ("Robin", "")


def test_a_message_without_an_id_is_known_by_its_digest() -> None:
    given = source(HEAD + b"\nx")
    assert the_case(IMPORTER, given).key == f"eml:sha256:{given.sha256}"


def test_a_title_is_found_where_there_is_no_subject() -> None:
    head = b"From: Robin <robin@reporter.example>\nMIME-Version: 1.0\n"
    assert received(mail(b"\nx", head)).title == "Robin"
    assert received(mail(b"Subject: AW: Fwd: re[2]: Crash\n\nx", head)).title == "Crash"
    assert received(mail(b"\nx", b"To: a@b.example\nMIME-Version: 1.0\n")).title == "report.eml"


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("=?utf-8?q?a=20b?=", "a b"),
        ("=?utf-8?b?w?= =?utf-8?b?w6k=?=", "é"),
        ("=?utf-8?q?=C3?= =?UTF-8?q?=A9?=", "é"),
        ("=?iso-8859-1*de?q?gr=FCn?= is green", "grün is green"),
        ("=?punycode?q?abc?=", "abc"),
        ("=?rot13?q?abc?= =?nothing?q?=e9?=", "abcé"),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("plain", "plain"),
    ],
)
def test_encoded_words_are_read_and_odd_ones_left(header: str, text: str) -> None:
    assert decode_words(header) == text


def test_transfer_encodings_and_charsets_that_lie_are_survived() -> None:
    odd = b"Content-Type: text/plain; charset=no-such\nContent-Transfer-Encoding: base64\n\n_Z3L8bmU=!"
    assert "gr" in received(mail(odd)).text
    assert "character set" in notes(mail(odd))
    assert received(mail(b"Content-Type: text/plain; charset=utf-16\n\nodd")).text
    assert received(mail(b"Content-Transfer-Encoding: x-odd\n\nraw")).text == "raw"
    assert received(mail(b"Content-Type: ;;;=\n\nraw")).text == "raw"


def test_hidden_characters_of_the_text_are_made_visible_and_lines_end_in_one_way() -> None:
    assert received(mail("\r\na\u202eb\r\nc\rd\0".encode())).text == "a<U+202E>b\nc\nd<U+0000>"


def test_a_text_beyond_the_limit_is_cut_and_says_so() -> None:
    draft = mail(b"\n" + b"long " * 210_000)
    assert len(received(draft).text) == 1_000_000
    assert "cut" in notes(draft)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a <!-- b -- > c", "a"),
        ("1 < 2 &lt; 3", "1 < 2 < 3"),
        ("<script>x</SCRIPT>y", "y"),
        ("<script>x", ""),
        ("<style>İ</style>after", "after"),
        ("a<br/>b", "a\nb"),
        ("<a href='https://evil.example'>text</a>", "text"),
        ("<" * 50, "<" * 50),
        ("<img src=x onerror=y", ""),
    ],
)
def test_html_is_reduced_to_its_words(page: str, text: str) -> None:
    assert text_of(page) == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"From ",
        b"Subject: only one\n\nbody",
        b"# Notes\n\nFrom: a\nSubject: b\n",
        b"Contact: mailto:a@example.org\nExpires: 2099-01-01T00:00:00Z\n",
        b"-----BEGIN PGP MESSAGE-----\nVersion: 1\n\n",
        b'{"from": 1, "subject": 2}',
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_mail_is_not_recognised(data: bytes) -> None:
    assert not IMPORTER.recognises(source(data, "report.eml"))


def test_lines_that_end_in_carriage_returns_alone_are_read() -> None:
    given = source(b"From: a@example.org\rSubject: Old\r\rText", "old.eml")
    assert IMPORTER.recognises(given)
    assert received(the_case(IMPORTER, given)).text == "Text"


def test_parts_are_not_copied_level_by_level() -> None:
    outer = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10))
    ends = b"".join(b"\n--b%d--\n" % n for n in reversed(range(10)))
    data = HEAD + outer + b"Content-Type: application/x-made-up\n\n" + bytes(8 * 1024 * 1024) + ends
    tracemalloc.start()
    try:
        draft = mail(data[len(HEAD) :])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(draft.attachments[1].data) == 8 * 1024 * 1024
    assert peak < 4 * len(data)


def test_every_real_message_gives_a_case_or_a_clean_refusal(shared_data: Path) -> None:
    paths = [path for path in sorted((shared_data / "email").rglob("*")) if path.is_file()]
    recognised = [path for path in paths if IMPORTER.recognises(file(path))]
    refused: dict[str, str] = {}
    for path in recognised:
        try:
            draft = the_case(IMPORTER, file(path))
        except Rejected as fault:
            refused[path.name] = fault.code
            continue
        assert received(draft).title
        assert draft.attachments[0].data == path.read_bytes()
    assert len(recognised) > 140
    broken = ("mail.no-body", "mail.no-boundary", "mail.boundary-missing", "mail.cut-short")
    assert set(refused.values()) == set(broken)
    assert len(refused) == 15
