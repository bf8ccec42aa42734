"""Readers of patents, on records written by hand in the true formats. Companies, numbers and texts are invented."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from macaw.errors import SourceError
from macaw.sources import xml_stream
from macaw.sources.cset_1790 import read as cset_1790
from macaw.sources.epo import read as epo
from macaw.sources.google_patents import read as google_patents
from macaw.sources.lens import read as lens
from macaw.sources.patentsview import read as patentsview
from macaw.sources.uspto import read as uspto

GRANT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v47-2022-02-17.dtd" [ ]>
<us-patent-grant lang="EN" country="US">
<us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>{number}</doc-number><kind>B2</kind>
<date>20230509</date></document-id></publication-reference>
<application-reference appl-type="utility"><document-id><country>US</country><doc-number>17248024</doc-number>
<date>20210105</date></document-id></application-reference>
<priority-claims><priority-claim sequence="01" kind="national"><country>JP</country><doc-number>2020-123456</doc-number>
<date>20200106</date></priority-claim></priority-claims>
<classifications-ipcr><classification-ipcr><section>G</section><class>06</class><subclass>N</subclass>
<main-group>3</main-group><subgroup>08</subgroup></classification-ipcr></classifications-ipcr>
<classifications-cpc><main-cpc><classification-cpc><section>G</section><class>06</class><subclass>N</subclass>
<main-group>3</main-group><subgroup>045</subgroup></classification-cpc></main-cpc></classifications-cpc>
<invention-title id="d2e43">Parrot <i>net</i></invention-title>
<us-related-documents><us-provisional-application><document-id><country>US</country><doc-number>62813845</doc-number>
<date>20190305</date></document-id></us-provisional-application></us-related-documents>
<us-parties><us-applicants><us-applicant><addressbook><orgname>Parrot Inc.</orgname><address><country>US</country>
</address></addressbook></us-applicant></us-applicants><inventors><inventor><addressbook><last-name>Doe</last-name>
<first-name>Ann</first-name><address><country>CN</country></address></addressbook></inventor></inventors></us-parties>
<us-references-cited><us-citation><patcit num="00001"><document-id><country>US</country>
<doc-number>2005/0004437</doc-number>
<kind>A1</kind><name>Doe</name><date>20050100</date></document-id></patcit>
<category>cited by examiner</category></us-citation>
<us-citation><patcit num="00002"><document-id><country>WO</country><doc-number>WO 02/054790</doc-number><kind>A2</kind>
<date>20020700</date></document-id></patcit></us-citation>
<us-citation><patcit num="00003"><document-id><country>US</country><doc-number>2005/0004437</doc-number><kind>A1</kind>
</document-id></patcit></us-citation>
<us-citation><nplcit num="00004">
<othercit>Doe et al., &#x201c;Nets,&#x201d; Parrot Letters, doi:10.5555/Net.1.</othercit>
</nplcit></us-citation>
<us-citation><nplcit num="00005"><othercit>Office action of 2017.</othercit></nplcit></us-citation>
</us-references-cited>
</us-bibliographic-data-grant>
<abstract id="abstract"><p>A net&mdash;of parrots.</p></abstract>
<description>Never read: &undefined; <unclosed></description>
</us-patent-grant>
"""


@pytest.fixture
def place(tmp_path):
    def put(name: str, data: bytes | str):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return put


def rows(reader, paths, root):
    reading = reader.read(paths, root)
    documents, parts = (reading.table(t).to_pylist() for t in reader.TABLES)
    kinds = {}
    for p in parts:
        kinds.setdefault((p["document"], p["part_kind"]), []).append((p["name"], p["alpha2"], p["day"]))
    return documents, kinds, [r.row() for r in reading.refused]


def test_a_weekly_file_in_a_zip_is_many_documents(place, tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ipg230509.xml", GRANT.format(number="11646472") + GRANT.format(number="RE048000"))
    documents, parts, refused = rows(uspto, [place("uspto/ipg230509.zip", packed.getvalue())], tmp_path)
    assert [d["document"] for d in documents] == ["US11646472B2", "USRE48000B2"]
    first = documents[0]
    assert first["title"] == "Parrot net"
    assert first["abstract"] == "A net—of parrots."
    assert (first["application"], first["filed"], first["published"]) == ("US2021A248024", "2021-01-05", "2023-05-09")
    assert parts["US11646472B2", "cpc"] == [("G06N3/045", None, None)]
    assert parts["US11646472B2", "ipc"] == [("G06N3/08", None, None)]
    assert parts["US11646472B2", "priority"] == [
        ("JP2020123456", None, "2020-01-06"),
        ("US2019P813845", None, "2019-03-05"),
    ]
    assert parts["US11646472B2", "applicant"] == [("Parrot Inc.", "US", None)]
    assert parts["US11646472B2", "inventor"] == [(None, "CN", None)]
    # A document cited twice is cited once; of literature, whose text names people, the DOI alone is kept.
    assert parts["US11646472B2", "citation"] == [
        ("US-20050004437-A1", "US", "2005-01"),
        ("WO-02054790-A2", "WO", "2002-07"),
    ]
    assert parts["US11646472B2", "literature"] == [("10.5555/net.1", None, None), (None, None, None)]
    assert refused == []


def test_citations_of_the_first_editions_of_the_red_book(place, tmp_path):
    cited = "<references-cited><citation><patcit><document-id><country>US</country><doc-number>D. 271298</doc-number>"
    cited += "<kind>S</kind><date>19831100</date></document-id></patcit></citation><citation><nplcit><othercit>Text"
    cited += "</othercit></nplcit></citation></references-cited></us-bibliographic-data-grant>"
    text = GRANT.format(number="1").split("<us-references-cited>")[0] + cited + "</us-patent-grant>"
    _, parts, refused = rows(uspto, [place("uspto/a.xml", text)], tmp_path)
    assert parts["US1B2", "citation"] == [("US-D271298-S", "US", "1983-11")]
    assert parts["US1B2", "literature"] == [(None, None, None)]
    assert refused == []


def test_a_damaged_document_is_listed_and_the_next_is_read(place, tmp_path):
    text = GRANT.format(number="1").replace("</invention-title>", "") + GRANT.format(number="2")
    documents, _, refused = rows(uspto, [place("uspto/a.xml.gz", gzip.compress(text.encode()))], tmp_path)
    assert [d["document"] for d in documents] == ["US2B2"]
    assert [r[4][:29] for r in refused] == ["document is not well-formed ("]


def test_a_file_that_ends_within_a_document_says_so(place, tmp_path):
    text = GRANT.format(number="1") + GRANT.format(number="2")[:900]
    documents, _, refused = rows(uspto, [place("uspto/a.xml", text)], tmp_path)
    assert [d["document"] for d in documents] == ["US1B2"]
    assert [r[4] for r in refused] == ["document is cut off: the file ends within it"]


def test_no_entity_is_defined_or_fetched(place, tmp_path):
    bomb = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">'
    text = GRANT.format(number="1").replace("[ ]", f"[{bomb}]").replace("Parrot <i>", "&b;&c;<i>")
    documents, _, _ = rows(uspto, [place("uspto/a.xml", text)], tmp_path)
    assert documents[0]["title"] == "[b][c]net"


def test_a_record_has_a_bound(monkeypatch):
    monkeypatch.setattr(xml_stream, "MAX_RECORD", 100)
    monkeypatch.setattr(xml_stream, "_CHUNK", 64)
    found = list(xml_stream.records(io.BytesIO(b"<r>" + b"x" * 5000 + b"</r><r>y</r>"), ("r",)))
    assert [str(f) if isinstance(f, Exception) else f for f in found] == ["is longer than 100 bytes", b"<r>y</r>"]


@pytest.mark.parametrize("chunk", [1, 7, 128, 129, 1000])
def test_records_are_the_same_however_the_stream_is_cut(monkeypatch, chunk):
    monkeypatch.setattr(xml_stream, "_CHUNK", chunk)
    text = b'<?xml?><doc a="1"><t>x</t><description>long ' + b"z" * 300 + b"</description></doc>\n<doc><t/></doc>"
    found = list(xml_stream.records(io.BytesIO(text), ("doc",), ("description",)))
    assert found == [b'<doc a="1"><t>x</t></doc>', b"<doc><t/></doc>"]


def test_a_file_of_something_else_is_an_error(place, tmp_path):
    with pytest.raises(SourceError, match="no patent document"):
        uspto.read([place("uspto/a.xml", "<cpc/>")], tmp_path)


def test_st32_of_2001(place, tmp_path):
    text = """<!DOCTYPE PATDOC SYSTEM "x.dtd" [<!ENTITY D0 SYSTEM "D0.TIF" NDATA TIF>]>
<PATDOC DTD="2.5"><SDOBI><B100><B110><DNUM><PDAT>06336130</PDAT></DNUM></B110><B130><PDAT>B1</PDAT></B130>
<B140><DATE><PDAT>20020101</PDAT></DATE></B140></B100><B200><B210><DNUM><PDAT>09413215</PDAT></DNUM></B210>
<B220><DATE><PDAT>19991005</PDAT></DATE></B220></B200><B300><B310><DNUM><PDAT>971605</PDAT></DNUM></B310>
<B320><DATE><PDAT>19970408</PDAT></DATE></B320><B330><CTRY><PDAT>NO</PDAT></CTRY></B330></B300>
<B500><B510><B511><PDAT>G06F 1516</PDAT></B511><B512><PDAT>B32B  302</PDAT></B512></B510>
<B540><STEXT><PDAT>Title</PDAT></STEXT></B540><B560><B561><PCIT><DOC><DNUM><PDAT>5793966</PDAT></DNUM>
<DATE><PDAT>19980800</PDAT></DATE><KIND><PDAT>A</PDAT></KIND></DOC><PARTY-US><NAM><SNM><STEXT><PDAT>Do</PDAT></STEXT></SNM>
</NAM></PARTY-US></PCIT><CITED-BY-EXAMINER/></B561><B561><PCIT><DOC><DNUM><PDAT>96/25012</PDAT></DNUM><DATE><PDAT>19960800
</PDAT></DATE><CTRY><PDAT>WO</PDAT></CTRY></DOC></PCIT></B561>
<B562><NCIT><STEXT><PDAT>A text.</PDAT></STEXT></NCIT></B562>
</B560></B500><B700><B720><B721><PARTY-US><NAM><SNM><STEXT><PDAT>Do</PDAT>
</STEXT></SNM></NAM><ADR><CITY><PDAT>Dallas</PDAT></CITY><STATE><PDAT>TX</PDAT></STATE></ADR></PARTY-US></B721></B720>
<B730><B731><PARTY-US><NAM><ONM><STEXT><PDAT>Parrot AS</PDAT></STEXT></ONM></NAM><ADR><CTRY><PDAT>NO</PDAT></CTRY></ADR>
</PARTY-US></B731></B730></B700></SDOBI><SDOAB><P>&lsqb;Text&rsqb;</P></SDOAB><SDODE/></PATDOC>"""
    documents, parts, refused = rows(uspto, [place("uspto/a.xml", text)], tmp_path)
    assert (documents[0]["document"], documents[0]["application"]) == ("US6336130B1", "US1999A413215")
    assert documents[0]["abstract"] == "[Text]"
    assert [p[0] for p in parts["US6336130B1", "ipc"]] == ["G06F15/16", "B32B3/02"]
    assert parts["US6336130B1", "priority"] == [("NO971605", None, "1997-04-08")]
    assert parts["US6336130B1", "applicant"] == [("Parrot AS", "NO", None)]
    assert parts["US6336130B1", "inventor"] == [(None, "US", None)]
    assert parts["US6336130B1", "citation"] == [("US-5793966-A", "US", "1998-08"), ("WO-9625012", "WO", "1996-08")]
    assert parts["US6336130B1", "literature"] == [(None, None, None)]
    assert refused == []


def test_patentsview_tables(place, tmp_path):
    paths = [
        place(
            "patentsview/g_patent.tsv",
            "patent_id\tpatent_type\tpatent_date\tpatent_title\twipo_kind\tnum_claims\twithdrawn\tfilename\n"
            '10000001\tutility\t2018-06-19\t"A ""net"" of\nparrots"\tB2\t8\t0\ta.xml\n'
            "10000002\tutility\t2018-06-19\tGone\tB2\t8\t1\ta.xml\n"
            "10000003\tutility\tsoon\tOdd\tB1\t8\t0\ta.xml\n"
            "10000004\tutility\n",
        ),
        place(
            "patentsview/g_cpc_current.tsv", "patent_id\tcpc_sequence\tcpc_group\tcpc_type\n10000001\t0\tG06N3/08\tx\n"
        ),
        place(
            "patentsview/g_application.tsv",
            "application_id\tpatent_id\tpatent_application_type\tfiling_date\tseries_code\n"
            "15/123456\t10000001\t15\t2016-05-04\t15\n",
        ),
        place(
            "patentsview/g_assignee_disambiguated.tsv",
            "patent_id\tassignee_sequence\tassignee_id\tdisambig_assignee_organization\tassignee_type\tlocation_id\n"
            "10000001\t0\ta\tPARROT INC.\t2\tl1\n10000001\t1\tb\t\t5\tl2\n",
        ),
        place(
            "patentsview/g_inventor_disambiguated.tsv",
            "patent_id\tinventor_sequence\tinventor_id\tdisambig_inventor_name_last\tlocation_id\n10000001\t0\ti\tDoe\tl2\n",
        ),
        place("patentsview/g_location_disambiguated.tsv", "location_id\tdisambig_country\nl1\tUS\nl2\tCN\n"),
        place(
            "patentsview/g_us_patent_citation.tsv",
            "patent_id\tcitation_sequence\tcitation_patent_id\tcitation_date\trecord_name\twipo_kind\tcitation_category\n"
            "10000001\t1\tD271298\t1983-11-00\tDoe\tS\tcited by examiner\n"
            "10000001\t0\t9000000\t2015-04-01\tDoe\tB2\tcited by examiner\n"
            "10000002\t0\t9000000\t2015-04-01\tDoe\tB2\tcited by examiner\n",
        ),
        place(
            "patentsview/g_us_application_citation.tsv",
            "patent_id\tcitation_sequence\tcitation_document_number\tcitation_date\trecord_name\twipo_kind\tcitation_category\n"
            "10000001\t2\t2005/0004437\t2005-01-01\tDoe\tA1\t\n",
        ),
        place(
            "patentsview/g_foreign_citation.tsv",
            "patent_id\tcitation_sequence\tcitation_application_id\tcitation_date\tcitation_category\tcitation_country\n"
            "10000001\t3\t02/054790\t2002-07-01\t\tWO\n10000001\t4\t1\t2002-07-01\t\tnowhere\n",
        ),
        place(
            "patentsview/g_other_reference.tsv",
            "patent_id\tother_reference_sequence\tother_reference_text\n"
            '10000001\t0\tDoe, """Nets,"" https://doi.org/10.5555/Net.1."\n10000001\t1\tOffice action.\n',
        ),
    ]
    documents, parts, refused = rows(patentsview, paths, tmp_path)
    assert [d["document"] for d in documents] == ["US10000001B2", "US10000003B1"]
    assert documents[0]["title"] == 'A "net" of\nparrots'
    assert documents[0]["application"] == "US2016A123456"
    assert parts["US10000001B2", "applicant"] == [("PARROT INC.", "US", None), (None, "CN", None)]
    assert parts["US10000001B2", "inventor"] == [(None, "CN", None)]
    assert parts["US10000001B2", "citation"] == [
        ("US-9000000-B2", "US", "2015-04-01"),
        ("US-D271298-S", "US", "1983-11"),
        ("US-20050004437-A1", "US", "2005-01-01"),
        ("WO-02054790", "WO", "2002-07-01"),
    ]
    assert parts["US10000001B2", "literature"] == [("10.5555/net.1", None, None), (None, None, None)]
    assert sorted(r[4] for r in refused) == [
        "patent_date is not a date",
        "row is not as its table has it (MISSING COLUMNS)",
        "withdrawn patent",
    ]


def test_lens_of_2016_on_a_mac(place, tmp_path):
    header = "#,Jurisdiction,Kind,Publication Number,Lens ID,Publication Date,Application Number,Application Date,"
    header += "Priority Numbers,Title,Applicants,Inventors,CPC Classifications,IPCR Classifications"
    line = "1,US,A1,US 2015/0123456 A1,000-1,07/05/15,US 201314112233 A,01/11/13,US 201261700001 P 20120912,"
    line += "Flugger\u00c3_t und Zweiv\u00c3\u00b6lker,PARROT;;DOE ANN,DOE ANN,G06N3/08;;G05D1/00,G06N3/08"
    data = f"{header}\r{line}\r".encode("mac_roman")
    documents, parts, refused = rows(lens, [place("lens/a.csv", data)], tmp_path)
    assert documents[0]["document"] == "US20150123456A1"
    assert documents[0]["published"] == "2015-05-07"
    assert documents[0]["application"] == "US2013A112233"
    assert parts["US20150123456A1", "applicant"] == [("PARROT", None, None), (None, None, None)]
    assert parts["US20150123456A1", "priority"] == [("US2012P700001", None, "2012-09-12")]
    assert [(r[3], r[4]) for r in refused] == [("noted", "text is damaged at the source")]


def test_google_patents_as_json_lines_and_parquet(place, tmp_path):
    row = {
        "publication_number": "CN-117151122-A",
        "application_number": "CN-202311234567-A",
        "country_code": "CN",
        "kind_code": "A",
        "family_id": "88888888",
        "title_localized": [{"text": "鹦鹉网络", "language": "zh"}, {"text": "Parrot net", "language": "en"}],
        "abstract_localized": [],
        "publication_date": 20231201,
        "filing_date": 20230925,
        "priority_date": 20230925,
        "priority_claim": [{"application_number": "US-202318112233-A", "filing_date": 0}],
        "assignee_harmonized": [
            {"name": "PARROT CO LTD", "country_code": "CN"},
            {"name": "DOE ANN", "country_code": "CN"},
        ],
        "inventor_harmonized": [{"name": "DOE ANN", "country_code": "CN"}],
        "cpc": [{"code": "G06N3/08", "inventive": True, "first": True}],
        "ipc": [],
        "citation": [
            {"publication_number": "US-2005004437-A1", "npl_text": "", "type": "", "category": "SEA", "filing_date": 0},
            {"publication_number": "CN-1234567-A", "npl_text": "", "type": "", "category": "SEA", "filing_date": 0},
            {"publication_number": "CN-1234567-A", "npl_text": "", "type": "", "category": "APP", "filing_date": 0},
            {
                "publication_number": "",
                "npl_text": "Doe. Nets. doi: 10.5555/Net.1",
                "category": "SEA",
                "filing_date": 0,
            },
        ],
    }
    # BigQuery writes whole numbers as text.
    texts = {k: str(v) if isinstance(v, int) else v for k, v in row.items()}
    other = {**texts, "publication_number": "no number"}
    lines = place("google_patents/publications.jsonl", "\n".join(map(json.dumps, (texts, other))))
    table = place("google_patents/publications.parquet", "")
    pq.write_table(pa.Table.from_pylist([{**row, "publication_number": "CN-1-B"}]), table)
    documents, parts, refused = rows(google_patents, [lines, table], tmp_path)
    assert [d["document"] for d in documents] == ["CN117151122A", "CN1B"]
    assert (documents[0]["title"], documents[0]["published"]) == ("Parrot net", "2023-12-01")
    assert documents[0]["application"] == "CN202311234567"
    assert parts["CN117151122A", "applicant"] == [("PARROT CO LTD", "CN", None), (None, "CN", None)]
    assert ("US2023A112233", None, None) in parts["CN117151122A", "priority"]
    assert parts["CN117151122A", "citation"] == [("US-20050004437-A1", "US", None), ("CN-1234567-A", "CN", None)]
    assert parts["CN1B", "citation"] == parts["CN117151122A", "citation"]
    assert parts["CN117151122A", "literature"] == [("10.5555/net.1", None, None)]
    assert [r[4] for r in refused] == ["publication_number is not office-number-kind"]


def test_docdb_takes_one_format_of_several(place, tmp_path):
    text = """<?xml version="1.0"?><!DOCTYPE exch:exchange-documents SYSTEM "docdb-entities.dtd">
<exch:exchange-documents xmlns:exch="http://www.epo.org/exchange"><exch:exchange-document country="EP"
 doc-number="2400812" kind="A1" date-publ="20111228" family-id="43088294"><exch:bibliographic-data>
<exch:application-reference data-format="docdb"><document-id><country>EP</country><doc-number>10167109</doc-number>
<kind>A</kind><date>20100624</date></document-id></exch:application-reference>
<exch:classifications-ipcr><classification-ipcr sequence="1"><text>G06N   3/08        20060101AFI20060310RMJP  </text>
</classification-ipcr></exch:classifications-ipcr>
<exch:parties><exch:applicants><exch:applicant sequence="1" data-format="epodoc">
<exch:applicant-name><name>PARROT OY [FI]</name></exch:applicant-name></exch:applicant>
<exch:applicant sequence="1" data-format="original"><exch:applicant-name>
<name>Parrot Oy, </name></exch:applicant-name></exch:applicant></exch:applicants></exch:parties>
<exch:invention-title lang="de" data-format="docdba">Netz</exch:invention-title>
<exch:invention-title lang="en" data-format="docdba">Net</exch:invention-title>
<exch:references-cited><exch:citation cited-phase="SEA" sequence="1"><patcit num="1" dnum-type="publication number">
<document-id document-id-type="epodoc"><doc-number>WO02054790</doc-number><date>20020711</date></document-id>
<document-id document-id-type="docdb"><country>WO</country><doc-number>02054790</doc-number><kind>A2</kind>
<name>DOE</name><date>20020711</date></document-id></patcit><category>A</category></exch:citation>
<exch:citation cited-phase="APP" sequence="2"><patcit num="2"><document-id document-id-type="epodoc">
<doc-number>US6304574</doc-number></document-id></patcit></exch:citation>
<exch:citation cited-phase="SEA" sequence="3"><nplcit num="1"><text>- DOE A, "Nets", DOI: 10.5555/NET.1</text></nplcit>
</exch:citation></exch:references-cited></exch:bibliographic-data>
</exch:exchange-document></exch:exchange-documents>"""
    documents, parts, refused = rows(epo, [place("epo/a.xml", text)], tmp_path)
    assert (documents[0]["document"], documents[0]["title"]) == ("EP2400812A1", "Net")
    assert (documents[0]["application"], documents[0]["simple_family"]) == ("EP10167109", "43088294")
    assert parts["EP2400812A1", "applicant"] == [("PARROT OY", "FI", None)]
    assert parts["EP2400812A1", "ipc"] == [("G06N 3/08", None, None)]
    assert parts["EP2400812A1", "citation"] == [("WO-02054790-A2", "WO", "2002-07-11"), ("US-6304574", "US", None)]
    assert parts["EP2400812A1", "literature"] == [("10.5555/net.1", None, None)]
    assert refused == []


def test_the_database_of_cset_and_1790(place, tmp_path):
    columns = [
        "Publication_country",
        "Publication_number",
        "Simple_family_ID",
        "Publication_type",
        *cset_1790.CATEGORIES,
    ]
    flags = ["true" if c in ("Computer_Vision", "Machine_Learning") else "false" for c in cset_1790.CATEGORIES]
    lines = [columns, ["US", "2009319448", "1", "A1", *flags], ["DE", "1.02E+11", "1", "A1", *flags]]
    text = "\n".join(map(",".join, lines))
    documents, parts, refused = rows(cset_1790, [place("cset_1790/a.csv", text)], tmp_path)
    assert [d["document"] for d in documents] == ["US20090319448A1", "DELOST1A1"]
    assert [p[0] for p in parts["US20090319448A1", "category"]] == ["Computer_Vision", "Machine_Learning"]
    assert [(r[3], r[4]) for r in refused] == [("noted", "number was destroyed at the source")]


def test_a_layout_that_lost_columns_is_refused(place, tmp_path):
    with pytest.raises(SourceError, match="August 2020 lost columns"):
        cset_1790.read([place("cset_1790/a.csv", "Publication_country,Publication_number\nUS,1\n")], tmp_path)
