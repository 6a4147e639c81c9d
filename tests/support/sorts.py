"""Resources of every collection whose lifecycle is the same: what they are called, two values, and what is live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lsops.model.address import below
from tests.support.one_project import PATHS
from tests.support.site import BASE, Site

STORAGES = {"import_storages": "/api/storages/s3/", "export_storages": "/api/storages/export/s3"}
_NEEDED: dict[str, dict[str, Any]] = {
    "import_storages": {"type": "s3", "bucket": "scans"},
    "export_storages": {"type": "s3", "bucket": "scans"},
    "ml_backends": {"url": f"{BASE}/model"},
    "projects": {"maximum_annotations": 3},
    "webhooks": {"send_payload": False},
    "views": {"gridFitImagesToWidth": True},
}
_FIELDS: dict[str, tuple[str, Any, Any]] = {
    "webhooks": ("is_active", False, True),
    "views": ("gridWidth", 4, 6),
    "ml_backends": ("description", "first", "second"),
}


@dataclass(frozen=True)
class Sort:
    """The resources of one collection; those below a project stand in `Triage`, and projects beside `Other`."""

    collection: str

    def __str__(self) -> str:
        return self.collection

    @property
    def is_project(self) -> bool:
        return self.collection == "projects"

    @property
    def is_replaceable(self) -> bool:
        """Whether a plan may replace it: a storage of another type, a view whose ordering is emptied."""
        return self.collection == "views" or self.collection in STORAGES

    @property
    def field(self) -> str:
        return _FIELDS.get(self.collection, ("description",))[0]

    @property
    def path(self) -> str:
        """As `prune` and `defaults` write it."""
        return "projects" if self.is_project else f"projects/*/{self.collection}"

    @property
    def place(self) -> str:
        """The address of the collection."""
        return "/projects" if self.is_project else f"/projects/Triage/{self.collection}"

    @property
    def api_path(self) -> str:
        """The path of the list."""
        return {**PATHS, **STORAGES, "projects": "/api/projects/"}[self.collection]

    def value(self, number: int) -> Any:
        """The first or the second value of the field."""
        return _FIELDS.get(self.collection, ("", "first", "second"))[1 + number]

    def name(self, word: str) -> str:
        """A key; that of a webhook is a URL."""
        return f"{BASE}/{word}" if self.collection == "webhooks" else word

    def address(self, word: str) -> str:
        """The address of the resource of that name."""
        return below(self.place, self.name(word))

    def entry(self, number: int = 0, **rules: Any) -> dict[str, Any]:
        """With the first or the second value of the field, and a lifecycle."""
        needed = _NEEDED.get(self.collection, {})
        return {**needed, self.field: self.value(number), **({"lifecycle": rules} if rules else {})}

    def declare(self, site: Site, entries: Mapping[str, Mapping[str, Any]], **top: Any) -> None:
        """A manifest with these entries, by the word that they are called by."""
        named = {self.name(word): entry for word, entry in entries.items()}
        if self.is_project:
            site.declare_projects({**named, "Other": {}}, **top)
        else:
            site.declare({self.collection: named}, **top)

    def applied(self, site: Site, *words: str) -> None:
        """These are there, with the first value of their field."""
        self.declare(site, {word: self.entry() for word in words})
        site.settled()

    def rows(self, site: Site) -> list[dict[str, Any]]:
        """What the server has of it, but the project `Other`."""
        if self.is_project:
            return [row for row in site.projects() if row["title"] != "Other"]
        if self.collection in STORAGES:
            answer = site.api.get(self.api_path, params={"project": site.project()["id"]})
            return list(answer.raise_for_status().json())
        rows = site.rows(self.collection)
        return [row for row in rows if not str(row.get("url")).endswith("/webhook")]

    def live(self, site: Site) -> dict[int, Any]:
        """The value of the field by id."""
        return {row["id"]: row.get("data", row)[self.field] for row in self.rows(site)}

    def keys(self, site: Site) -> list[str]:
        """What the manifest calls the rows, sorted."""
        key = "url" if self.collection == "webhooks" else "title"
        return sorted(row.get("data", row)[key] for row in self.rows(site))

    def names(self, *words: str) -> list[str]:
        """The keys of words, sorted."""
        return sorted(map(self.name, words))

    def id(self, site: Site) -> int:
        """The id of the only row."""
        (row,) = self.rows(site)
        return int(row["id"])

    def make(self, site: Site, word: str, number: int = 0) -> int:
        """Somebody makes one; its id."""
        values = {**_NEEDED.get(self.collection, {}), self.field: self.value(number)}
        if self.collection in PATHS:
            return site.make(self.collection, self.name(word), **{n: v for n, v in values.items() if n != "type"})
        where = {"workspace": site.workspace} if self.is_project else {"project": site.project()["id"]}
        body = {"title": self.name(word), **where, **values}
        return int(site.api.post(self.api_path, json=body).raise_for_status().json()["id"])


SORTS = tuple(map(Sort, ("projects", "import_storages", "export_storages", "webhooks", "views", "ml_backends")))
BELOW = tuple(sort for sort in SORTS if not sort.is_project)
