"""The package described for machines, in CASE 1.4 (the vocabulary of cyber-investigation, over UCO 1.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from habeas.desk.package.leaving import Leaving
from habeas.desk.package.papers import Disclosure
from habeas.desk.package.values import canonical, moment

_CONTEXT = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-marking": "https://ontology.unifiedcyberontology.org/uco/marking/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_URL_SPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")  # RFC 9562 section 6.6


def description(paper: Disclosure, hashes: Sequence[tuple[Leaving, str]]) -> bytes:
    """The package for machines: each file with its hashes, the investigation, the authorisation (CASE 1.4).

    hashes: every file with its SHA-512.
    """

    def node(what: str) -> dict[str, str]:
        """The same name whenever this package is described again: a UUID of version 5, as UCO advises."""
        name = f"urn:habeas:{paper.organisation}/{paper.id}/{what}".encode()
        raw = bytearray(hashlib.sha1(_URL_SPACE + name, usedforsecurity=False).digest()[:16])
        raw[6], raw[8] = raw[6] & 0x0F | 0x50, raw[8] & 0x3F | 0x80
        text = raw.hex()
        return {"@id": "urn:uuid:" + "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))}

    def typed(kind: str, value: str) -> dict[str, str]:
        return {"@type": f"xsd:{kind}", "@value": value}

    def integer(value: int) -> dict[str, str]:
        return typed("integer", str(value))  # in words: a JSON number above 2^53 is not read alike everywhere

    def hashed(one: Leaving, method: str, value: str) -> dict[str, object]:
        return {
            **node(f"{one.path}#{method}"),
            "@type": "uco-types:Hash",
            "uco-types:hashMethod": method,
            "uco-types:hashValue": typed("hexBinary", value),
        }

    def file(one: Leaving, sha512: str) -> dict[str, object]:
        return {
            **node(one.path),
            "@type": "uco-observable:File",
            "uco-core:objectMarking": [node("conditions")],
            "uco-core:hasFacet": [
                {
                    **node(f"{one.path}#file"),
                    "@type": "uco-observable:FileFacet",
                    "uco-observable:fileName": one.path.rpartition("/")[2],
                    "uco-observable:filePath": one.path,
                    "uco-observable:isDirectory": False,
                    "uco-observable:sizeInBytes": integer(one.size),
                },
                {
                    **node(f"{one.path}#content"),
                    "@type": "uco-observable:ContentDataFacet",
                    "uco-observable:sizeInBytes": integer(one.size),
                    "uco-observable:hash": [
                        hashed(one, "SHA256", one.sha256),
                        hashed(one, "SHA512", sha512),
                    ],
                },
            ],
        }

    def record(one: Leaving) -> dict[str, object]:
        return {
            **node(f"{one.path}#record"),
            "@type": "case-investigation:ProvenanceRecord",
            "uco-core:description": f"Target {one.target}, item {one.item}; "
            f"asked: {one.category}; given: {one.holds}."
            + (f" {one.extract.told()}" if one.extract is not None else ""),
            "case-investigation:exhibitNumber": one.path,
            "uco-core:object": [node(one.path)],
        }

    at = typed("dateTime", f"{moment(paper.at):%Y-%m-%dT%H:%M:%SZ}")
    permission: dict[str, object] = {
        **node("authorisation"),
        "@type": "case-investigation:Authorization",
        "case-investigation:authorizationType": str(paper.authorisation.kind),
    }
    if paper.authorisation.reference:
        permission["case-investigation:authorizationIdentifier"] = paper.authorisation.reference
    if paper.authorisation.issued_on:
        permission["uco-core:startTime"] = typed(
            "dateTime", f"{paper.authorisation.issued_on.isoformat()}T00:00:00Z"
        )
    graph: list[dict[str, object]] = [
        {
            **node("organisation"),
            "@type": "uco-identity:Organization",
            "uco-core:name": paper.organisation,
        },
        {
            **node("authority"),
            "@type": "uco-identity:Organization",
            "uco-core:name": paper.authority,
            "uco-core:description": f"State: {paper.state}",
        },
        permission,
        {
            **node("conditions"),
            "@type": "uco-marking:MarkingDefinition",
            "uco-marking:definitionType": "statement",
            "uco-marking:definition": [
                {
                    **node("conditions#statement"),
                    "@type": "uco-marking:StatementMarking",
                    "uco-marking:definitionType": "statement",
                    "uco-marking:statement": " ".join(one.text for one in paper.conditions)
                    or "No condition was set.",
                }
            ],
        },
        {
            **node("investigation"),
            "@type": "case-investigation:Investigation",
            "uco-core:name": paper.reference or paper.id,
            "case-investigation:investigationForm": "case",
            "case-investigation:relevantAuthorization": [node("authorisation")],
            "uco-core:object": [
                *(node(one.path) for one, _ in hashes),
                *(node(f"{one.path}#record") for one, _ in hashes),
                node("disclosure"),
            ],
        },
        {
            **node("disclosure"),
            "@type": "case-investigation:InvestigativeAction",
            "uco-core:name": "disclosed",
            "uco-core:description": f"Package {paper.id}",
            "uco-action:startTime": at,
            "uco-action:performer": node("organisation"),
            "uco-action:participant": [node("authority")],
            "uco-action:object": [node(one.path) for one, _ in hashes],
            "uco-action:result": [node(f"{one.path}#record") for one, _ in hashes],
        },
    ]
    for one, sha512 in hashes:
        graph += [file(one, sha512), record(one)]
    return canonical({"@context": _CONTEXT, "@graph": graph})
