"""Who was erased, as a decision about drafts needs it: what is refused, and what is stored of an erasure; pure."""

import json
from dataclasses import dataclass, field

from shared.erasure import Seal
from shared.facts.erasure import YouthErased
from shared.ledger.drafts import Draft
from shared.ledger.rows import Key, Row

ERASES = YouthErased.fact_name


@dataclass(slots=True)
class Sealed:
    """Those who were erased, by their keyed hash; grows as drafts erase more."""

    seal: Seal | None
    """None where no key is set: then nobody was erased, and nobody can be."""
    tokens: set[str] = field(default_factory=set)

    def copy(self) -> "Sealed":
        """One that knows as much, and grows by itself."""
        return Sealed(self.seal, set(self.tokens))

    def refuses(self, draft: Draft) -> bool:
        """Whether it is about somebody who was erased, or names them."""
        if not self.tokens or self.seal is None or draft.name == ERASES:
            return False
        return any(self.seal.person(one) in self.tokens for one in (draft.person, draft.other) if one is not None)

    def keys(self, draft: Draft) -> tuple[Key, ...]:
        """The keys under which it may be stored: its own, and the one that stands for it when it was erased."""
        own = (draft.source, draft.id)
        return (own,) if self.seal is None or not self.tokens else (own, (draft.source, self.seal.event(*own)))

    def same(self, stored: bytes, draft: Draft) -> bool:
        """Whether a stored hash is of the content of this draft."""
        if stored == draft.content_hash:
            return True
        return self.seal is not None and stored == self.seal.content(draft.content_hash)

    def erase(self, draft: Draft) -> str:
        """Note whom this draft erases; their keyed hash."""
        assert self.seal is not None
        token = draft.token if draft.token is not None else self.seal.person(draft.person or "")
        self.tokens.add(token)
        return token

    def without_person(self, row: Row, token: str) -> Row:
        """The row of an erasure as it is stored: of the young person only the keyed hash."""
        assert self.seal is not None
        event = json.loads(row.body)
        pseudonym = event.pop("subject", None)
        id_ = row.id
        if pseudonym is not None and pseudonym in id_:
            id_ = event["id"] = self.seal.event(row.source, row.id)
        kept = {name: value for name, value in event.items() if pseudonym is None or pseudonym not in str(value)}
        body = json.dumps({**kept, "erased": token}, ensure_ascii=False, separators=(",", ":"))
        return row._replace(id=id_, person=None, content_hash=self.seal.content(row.content_hash), body=body)
