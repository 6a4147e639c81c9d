"""Everything that `lsops` says and writes, to look for what must not be in it."""

from __future__ import annotations

from tests.support.cli import Ran
from tests.support.site import Site

CANARY = "canary"
"""What the values begin with that nobody may see."""
DEBUG = ("-vv", "--debug")
LOUD = (*DEBUG, "--log-format", "json")
AUDIT = ("--audit", "audit.log")
FORMS = ("text", "json", "markdown")


class Listener:
    """Runs `lsops` in some of its forms, and remembers what it said."""

    def __init__(self, site: Site, forms: tuple[str, ...] = FORMS) -> None:
        self.site = site
        self.forms = forms
        self.loud = LOUD if "json" in forms else DEBUG
        self.said: list[str] = []

    def __call__(self, *arguments: str, code: int = 0) -> Ran:
        ran = self.site.lsops(*arguments)
        assert ran.code == code, ran
        self.said += [ran.out, ran.err]
        return ran

    def looks(self) -> None:
        """Every verb that only looks, with what it saves where JSON is one of the forms."""
        for form in self.forms:
            for loud in ((), ("-v",), self.loud):
                self("plan", "--format", form, "--out", f"{form}.plan", *loud)
                self("show", f"{form}.plan", "--format", form)
                drift = self.site.lsops("drift", "--strict", "--format", form, *loud)
                self.said += [drift.out, drift.err]
        self("plan", "--resend-secrets", "/**", "-v", "--format", self.forms[0])

    def refused(self, *verb: str, code: int) -> None:
        """A verb that does not work, in every form that it has."""
        for form in (one for one in self.forms if one != "markdown"):
            self(*verb, "--format", form, *(() if verb[0] == "validate" else self.loud), code=code)

    def applied(self, *flags: str, code: int = 0) -> None:
        """An apply in each form that it has; all but the last must not have worked where one must."""
        forms = [one for one in self.forms if one != "markdown"]
        audit = AUDIT if "json" in forms else ()
        for form in forms if code else forms[-1:]:
            self("apply", "--yes", "--format", form, *self.loud, *audit, *flags, code=code)

    def leaks(self) -> set[str]:
        """The lines with a canary in them, of all that was printed and of the files that belong to a form."""
        names = [*(f"{form}.plan" for form in self.forms), "audit.log"] if "json" in self.forms else []
        files = [self.site.lsops.folder / name for name in names]
        texts = [*self.said, *(path.read_text("utf-8") for path in files if path.exists())]
        assert any("***" in text for text in texts)
        return {line for text in texts for line in text.splitlines() if CANARY in line}
