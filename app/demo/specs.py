"""How a made-up case is told: what is known of it, how far it got, and the hours it took."""

from __future__ import annotations

import msgspec

from app.demo.story import Story
from app.domain.commands import case_commands as c
from app.domain.values import AffectedLine, AuditPlace, Credit, ExternalId, Fix, Rating, Reporter, Track

DAY = 24.0


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """A case of the story; `received` is in hours before its end, `reached` names the last step that was done."""

    key: str
    title: str
    received: float
    reached: str
    track: Track = "core"
    handler: str = "ada"
    reporter: str = "Robin Reporter"
    channel: str = "email"
    product: str = "Aster runtime"
    rating: Rating | None = None
    vector: str = ""
    cwe: str = ""
    lines: tuple[AffectedLine, ...] = ()
    cve: str = ""
    embargo: float = 0.0
    """Hours from the end of the story to the agreed instant; 0 leaves it to the release or to nobody."""
    told: float = 24.0
    """Hours before the end at which the reporter last heard of it."""
    fixes: tuple[str, ...] = ()
    """State of the fix of each affected line, in their order."""
    text: str = ""
    summary: str = ""
    attachment: str = ""
    waiting: str = ""
    acknowledged_after: float = 5.0


ORDER = (
    "received",
    "assigned",
    "acknowledged",
    "replied",
    "confirmed",
    "rated",
    "affected",
    "audited",
    "fixes",
    "requested",
    "cve",
    "embargo",
    "advisory",
)


def line(name: str, introduced: str = "", fixed: str = "", status: str = "affected", last: str = "") -> AffectedLine:
    """A line of the list, short to write."""
    return AffectedLine(line=name, status=status, introduced=introduced, fixed=fixed, last_affected=last)  # type: ignore[arg-type]


def tell(story: Story, spec: Spec) -> None:
    """Adds the steps of a case, as far as it got, to the story."""
    teller = _Teller(story, spec)
    for name in ORDER[: ORDER.index(spec.reached) + 1]:
        getattr(teller, name)()
    teller.keep_in_touch()


class _Teller:
    def __init__(self, story: Story, spec: Spec) -> None:
        self.story = story
        self.spec = spec
        self.start = -spec.received

    def _do(self, after: float, command: c.CaseCommand, who: str = "") -> None:
        # A case that is young has little time: its steps crowd together before the end of the story.
        room = min(1.0, spec_room(self.spec))
        self.story.does(self.spec.key, self.start + after * room, command, who or self.spec.handler)

    def received(self) -> None:
        spec = self.spec
        name = spec.reporter
        address = name.lower().replace(" ", ".") + "@reporter.example"
        command = c.Receive(
            title=spec.title,
            track=spec.track,
            channel=spec.channel,  # type: ignore[arg-type]
            reporters=(Reporter(name=name, email=address),),
            subject=spec.title,
            message_id=f"<{spec.key}@reporter.example>",
            text=spec.text or _report(spec),
            product=spec.product,
            external=(ExternalId(kind="hackerone", value=f"made-up-{spec.key}"),)
            if spec.channel == "hackerone"
            else (),
        )
        self.story.opens(spec.key, self.start, command, spec.handler)
        if spec.attachment:
            data = f"Made-up steps to see {spec.title.lower()}.\n".encode()
            self.story.attaches(
                spec.key,
                self.start + 0.1,
                (spec.attachment, "text/plain", data),
                lambda blob: c.AddAttachment(blob=blob),
            )

    def assigned(self) -> None:
        self._do(1, c.Assign(person=f"{self.spec.handler}@aster.example"))

    def acknowledged(self) -> None:
        after = self.spec.acknowledged_after
        self._do(after, c.Acknowledge(text="Your report arrived. The primary handler writes again within two days."))

    def replied(self) -> None:
        self._do(30, c.Reply(text="Next, the problem is reproduced on every maintained line. Then fixes are prepared."))

    def confirmed(self) -> None:
        self._do(52, c.Confirm(note="Reproduced on the newest version."))
        if self.spec.waiting:
            self.story.does(self.spec.key, -20, c.WaitForReporter(question=self.spec.waiting), self.spec.handler)

    def rated(self) -> None:
        spec = self.spec
        self._do(54, c.RateSeverity(rating=spec.rating, vector=spec.vector, cwe=spec.cwe, reason="Agreed in triage."))

    def affected(self) -> None:
        self._do(70, c.SetAffected(lines=self.spec.lines))

    def audited(self) -> None:
        place = AuditPlace(where="lib/" + self.spec.key, verdict="not-affected", note="Checks the length first.")
        self._do(
            76, c.AuditSimilarCode(pattern="Callers that trust a length", places=(place,), conclusion="None found.")
        )

    def fixes(self) -> None:
        affected = [x for x in self.spec.lines if x.status == "affected"]
        for number, (entry, state) in enumerate(zip(affected, self.spec.fixes, strict=False)):
            fix = Fix(line=entry.line, state=state, author="Juno Kestrel", reviewer="Noor Sample")  # type: ignore[arg-type]
            self._do(84 + number, c.HoldFix(fix=fix), "juno")

    def requested(self) -> None:
        self._do(90, c.RequestCve(cna="Made-up CNA"))

    def cve(self) -> None:
        if self.spec.cve:
            self._do(96, c.AssignCve(id=self.spec.cve, cna="Made-up CNA"))

    def embargo(self) -> None:
        if self.spec.embargo:
            until = self.story.hour(self.spec.embargo).replace(minute=0)
            self._do(98, c.AgreeEmbargo(until=until, party=self.spec.reporter, reason="Agreed by mail."))

    def advisory(self) -> None:
        spec = self.spec
        body = f"## Summary\n\n{spec.summary or _report(spec)}\n"
        self._do(104, c.DraftAdvisory(body=body))
        thanked = (
            Credit(name=spec.reporter, role="reporter", consent="granted"),
            Credit(name="Juno Kestrel", role="remediation developer", consent="granted"),
        )
        self._do(105, c.SetCredits(credits=thanked))

    def keep_in_touch(self) -> None:
        """Progress updates every four days after the detailed reply, the last one `told` hours before the end."""
        if ORDER.index(self.spec.reached) < ORDER.index("confirmed"):
            return
        hour = self.start + 30 + 4 * DAY
        update = c.UpdateReporter(text="The fix goes on as planned.")
        while hour < -self.spec.told - 3 * DAY:
            self.story.does(self.spec.key, hour, update, self.spec.handler)
            hour += 4 * DAY
        if -self.spec.told > self.start + 60:
            self.story.does(self.spec.key, -self.spec.told, update, self.spec.handler)


def spec_room(spec: Spec) -> float:
    """How much the steps must crowd so that the last one lies before the end of the story."""
    return spec.received / 112.0


def _report(spec: Spec) -> str:
    return (
        f"{spec.title}. Seen in {spec.product}, an invented product: a crafted input reaches code that trusts it. "
        "This text is made up for the demonstration and describes nothing real."
    )
