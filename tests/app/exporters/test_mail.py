"""Announcement mails: who gets which text, in which thread."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from msgspec.structs import replace

from app.desk.ports.exchange import Bundle, Rendered
from app.domain.case.state import ExportRecord
from app.domain.project import MailingList
from app.domain.values import AffectedLine, OutFile
from app.exporters.mail import EXPORTER
from app.exporters.mail_pre import EXPORTER as PRE
from tests.app.exporters.bundles import ADA, NOW, a_bundle, a_case, a_release, alone, aster, three_cases


def read(file: Rendered) -> EmailMessage:
    message = message_from_bytes(file.data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def mails(bundle: Bundle) -> dict[str, EmailMessage]:
    return {file.name: read(file) for file in EXPORTER.render(bundle)}


def body(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def codes(bundle: Bundle) -> list[str]:
    return [gap.code for gap in EXPORTER.missing(bundle)]


def test_a_release_goes_short_to_its_list_and_whole_to_the_others() -> None:
    found = mails(a_bundle())
    assert list(found) == [
        "announcement.eml",
        "oss-security-cve-2099-10001.eml",
        "oss-security-cve-2099-10003.eml",
        "oss-security-cve-2099-10002.eml",
    ]
    short = found["announcement.eml"]
    assert short["Subject"] == "Aster security updates for all active release lines, July 2099"
    assert "https://aster.example/en/blog/vulnerability/july-2099-security-releases\n" in body(short)
    assert "Folded" not in body(short)
    whole = found["oss-security-cve-2099-10003.eml"]
    assert whole["Subject"] == "CVE-2099-10003: Aster runtime: Device names escape `path.join` on Windows"
    assert "only Windows users who build paths" in body(whole)
    assert "Refuse the names before joining them" in body(whole)


def test_a_case_alone_goes_whole_to_every_list() -> None:
    bundle = alone(a_case(release=""))
    assert list(mails(bundle)) == ["announce-cve-2099-10001.eml", "oss-security-cve-2099-10001.eml"]
    assert codes(bundle) == []


def test_a_single_case_of_a_release_is_told_with_the_released_versions() -> None:
    bundle = a_bundle((replace(three_cases()[0], lines=tuple(replace(x, fixed="") for x in a_case().lines)),))
    found = mails(bundle)
    assert list(found) == ["announce-cve-2099-10001.eml", "oss-security-cve-2099-10001.eml"]
    assert "- Aster runtime 22.19.1\n  https://aster.example/en/blog/release/v22.19.1/" in body(
        found["announce-cve-2099-10001.eml"]
    )
    assert codes(bundle) == []


def test_the_mail_after_the_release_answers_the_one_before() -> None:
    before = PRE.render(a_bundle())[0]
    record = ExportRecord(
        at=NOW, format="mail-pre", audience="notice", files=(OutFile(name=before.name, sha256="0" * 64, size=1),)
    )
    later = mails(a_bundle(release=a_release(exports=(record,))))["announcement.eml"]
    assert later["In-Reply-To"] == read(before)["Message-ID"]
    assert later["Subject"] == f"Re: {read(before)['Subject']}"
    assert "In-Reply-To" not in mails(a_bundle())["announcement.eml"]


def test_the_mail_before_the_release_tells_when_and_where_only() -> None:
    message = read(PRE.render(a_bundle())[0])
    text = " ".join(body(message).split())
    assert "will release new versions of the 24.x, 22.x, 20.x release lines" in text
    assert "Thursday, July 16, 2099" in text
    assert message["To"].addresses[0].addr_spec == "announce@lists.aster.example"


def test_a_postponed_release_keeps_its_thread() -> None:
    moved = a_release(target=NOW.replace(month=9), released=())
    assert read(PRE.render(a_bundle(release=moved))[0])["Subject"].endswith("July 2099")


def test_without_an_address_of_the_project_a_person_writes() -> None:
    project = aster(mail_from="")
    assert mails(a_bundle(project=project))["announcement.eml"]["From"] == "Tove Lindqvist <tove@aster.example>"
    assert mails(alone(a_case(), project=project))["announce-cve-2099-10001.eml"]["From"] == str(
        f"{ADA.name} <{ADA.email}>"
    )


def test_addresses_that_lack_are_told() -> None:
    lists = (MailingList(key="announce", name="list", address=""), MailingList(key="two", name="two", address="x"))
    bundle = a_bundle(
        tuple(replace(case, handler=None) for case in three_cases()),
        a_release(steward=None),
        project=aster(mail_from="", lists=lists, site=""),
    )
    assert codes(bundle) == ["project.mail-from", "project.list-address", "project.list-address", "project.site"]
    assert all("invalid.example" in str(mail["From"]) for mail in mails(bundle).values())


def test_a_line_without_any_fix_is_marked() -> None:
    bundle = alone(a_case(lines=(AffectedLine(line="24.x", status="affected"),), release=""))
    assert "line.no-fix" in codes(bundle)
    assert "*MISSING: fixed version of 24.x*" in body(mails(bundle)["announce-cve-2099-10001.eml"])


def test_a_package_without_a_fix_is_told_without_guessing() -> None:
    lines = (AffectedLine(line="*", status="affected", introduced="1.0.0"),)
    bundle = alone(a_case(track="ecosystem", product="pebble-glob", lines=lines, release=""))
    text = body(mails(bundle)["announce-cve-2099-10001.eml"])
    assert "- pebble-glob: no fixed version is known" in text
    assert "versions `>=1.0.0`" in " ".join(text.split())
