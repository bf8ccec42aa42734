"""The downloads described for machines: Frictionless Data Package, Croissant, and schema.org."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from macaw import provenance, schema
from macaw.release.downloads import FOLDER, Downloads, File, published_tables
from macaw.release.inert import STARTS
from macaw.sources import Origin

TITLE = "Macaw: an open observatory of activity in artificial intelligence"
TITLE_ZH = "Macaw：人工智能活力开放观测站"
ABOUT = (
    "Who is active in artificial intelligence, in what, by how much, and how sure we can be: values of indicators on"
    " papers, models, money and languages by country, group and organisation, with statuses and every definition."
)
LICENCE = "Apache-2.0"
LICENCE_URL = "https://www.apache.org/licenses/LICENSE-2.0"
_FRICTIONLESS_TYPES = {"text": "string", "whole": "integer", "number": "number", "flag": "boolean"}
_CROISSANT_TYPES = {"text": "sc:Text", "whole": "sc:Integer", "number": "sc:Float", "flag": "sc:Boolean"}
_INERT = (
    "In CSV, text that a spreadsheet would take for a formula stands after an apostrophe:"
    f" that is text beginning with one of {' '.join(sorted(s for s in STARTS if s.strip()))}, a tab or a line break."
)


def data_package(downloads: Downloads) -> dict[str, Any]:
    """The contents of `datapackage.json`: every file with its schema, size, hash and the sources' licences.

    https://specs.frictionlessdata.io/tabular-data-package
    """
    return {
        "profile": "data-package",
        "name": "macaw",
        "title": TITLE,
        "description": f"{ABOUT} {_INERT}",
        "version": downloads.release,
        "licenses": [{"name": LICENCE, "path": LICENCE_URL}],
        "sources": [
            {"title": o.title, "path": o.url_main, "citation": o.citation, "licence": o.licence}
            for o in downloads.sources
        ],
        "resources": [_resource(f, downloads) for f in downloads.files],
    }


def _resource(file: File, downloads: Downloads) -> dict[str, Any]:
    table = schema.table(file.table)
    parts = (file.table, file.indicator, file.format)
    resource = {
        "name": "-".join(p for p in parts if p).replace("_", "-"),
        "path": file.path.removeprefix(f"{FOLDER}/"),
        "title": table.grain,
        "format": file.format,
        "mediatype": file.media_type,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "licenses": _licences(file.table, downloads.sources),
    }
    if file.format == "csv":
        resource |= {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": table_schema(file.table)}
        if file.is_compressed:
            resource["compression"] = "gz"
    return resource


def _licences(table: str, sources: tuple[Origin, ...]) -> list[dict[str, str]]:
    """Macaw's own licence, and that of sources whose rows a table repeats."""
    repeated = [o for o in sources if o.name in published_tables()[table].rows_of]
    return [
        {"name": LICENCE, "path": LICENCE_URL},
        *({"name": o.licence, "path": o.url_main, "title": o.title} for o in repeated),
    ]


def table_schema(table: str) -> dict[str, Any]:
    """The Frictionless schema of a table.

    >>> table_schema("values")["primaryKey"][:3]
    ['entity', 'place_country', 'indicator']
    """
    known = schema.table(table)
    return {
        "fields": [
            {"name": c.name, "type": _FRICTIONLESS_TYPES[c.type], "description": c.meaning, "unit": c.unit}
            for c in known.columns
        ],
        "primaryKey": list(known.key),
        "missingValues": [""],
    }


def croissant(downloads: Downloads, base_url: str = "") -> dict[str, Any]:
    """The contents of `croissant.json`: the Parquet files and their columns, for machine learning tools.

    https://docs.mlcommons.org/croissant/docs/croissant-spec.html
    """
    parquet = [f for f in downloads.files if f.format == "parquet"]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "macaw",
        "description": ABOUT,
        "version": downloads.release,
        "license": LICENCE_URL,
        "url": base_url or "./",
        "citeAs": f"The Macaw contributors. {TITLE}. Release {downloads.release}.",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{f.table}.parquet",
                "name": f"{f.table}.parquet",
                "contentUrl": f.path.removeprefix(f"{FOLDER}/"),
                "contentSize": f"{f.bytes} B",
                "encodingFormat": "application/x-parquet",
                "sha256": f.sha256,
            }
            for f in parquet
        ],
        "recordSet": [_record_set(f.table) for f in parquet],
    }


def _record_set(table: str) -> dict[str, Any]:
    known = schema.table(table)
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": known.grain,
        "key": [{"@id": f"{table}/{k}"} for k in known.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table}/{c.name}",
                "name": f"{table}/{c.name}",
                "description": c.meaning,
                "dataType": _CROISSANT_TYPES[c.type],
                "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": c.name}},
            }
            for c in known.columns
        ],
    }


def dataset(downloads: Downloads, base_url: str = "") -> dict[str, Any]:
    """The schema.org `Dataset` for the head of the data page; addresses are relative without `base_url`.

    https://developers.google.com/search/docs/appearance/structured-data/dataset
    """
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": TITLE,
        "alternateName": TITLE_ZH,
        "description": ABOUT,
        "inLanguage": ["en", "zh"],
        "version": downloads.release,
        "isAccessibleForFree": True,
        "license": LICENCE_URL,
        "creator": {"@type": "Organization", "name": "The Macaw contributors"},
        "keywords": ["artificial intelligence", "companies", "countries", "research", "models", "人工智能"],
        "isBasedOn": [
            {"@type": "Dataset", "name": o.title, "url": o.url_main, "license": o.licence, "description": o.description}
            for o in downloads.sources
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f.table,
                "encodingFormat": f.media_type,
                "contentUrl": f"{base_url}{f.path}",
                "contentSize": f"{f.bytes} B",
                "sha256": f.sha256,
            }
            for f in downloads.files
            if not f.indicator
        ],
    }


def write_descriptions(downloads: Downloads, out: Path, base_url: str = "") -> None:
    """Write datapackage.json, croissant.json and dataset.jsonld beside the downloads below `out`."""
    folder = out / FOLDER
    provenance.write_json(folder / "datapackage.json", data_package(downloads))
    provenance.write_json(folder / "croissant.json", croissant(downloads, base_url))
    provenance.write_json(folder / "dataset.jsonld", dataset(downloads, base_url))


# As the specification prints it; tools compare it key by key.
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
