"""Feeds and sitemaps, read by other makers' programs and held against the rules of the formats.

    check.py URL      those of a server
    check.py FOLDER   those in a folder, whose texts are whatever breaks writers

With SCHEMAS, the folder of the schemas that the makers of the formats publish, they are held against these, too: atom.rnc, sitemap.xsd,
siteindex.xsd, sitemap-news.xsd, ninjs-schema_3.1.json.
"""

import json
import os
import re
import sys
import urllib.request
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
from lxml import etree, html

import tally
from tally import check

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")


def is_absolute(url):
    parts = urlsplit(url or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and all(" " < c < "\x7f" for c in url)


def absolute_within(name, text):
    """No address of a text is relative to the page it stands on."""
    if not text or not text.strip():
        return
    for element, attribute, url, _ in html.fragment_fromstring(text, create_parent="div").iterlinks():
        check(f"{name}: {element.tag} {attribute} is absolute", re.match(r"[a-z][a-z0-9+.-]*:", url, re.I), url)


def unique(name, ids):
    check(f"{name}: each id once", len(ids) == len(set(ids)), ids)


def rss(name, body):
    document = etree.fromstring(body)
    channel = document.find("channel")
    check(f"{name}: it is RSS 2.0", document.tag == "rss" and document.get("version") == "2.0")
    for needed in ("title", "link", "description"):
        check(f"{name}: its {needed}", (channel.findtext(needed) or "").strip())
    check(f"{name}: its link", is_absolute(channel.findtext("link")))
    own = channel.findall(f"{ATOM}link[@rel='self']")
    check(f"{name}: its own address", len(own) == 1 and is_absolute(own[0].get("href")))
    for item in channel.findall("item"):
        check(f"{name}: an item has a title", (item.findtext("title") or "").strip())
        link = item.findtext("link")
        check(f"{name}: an item's link", link is None or is_absolute(link), link)
        check(f"{name}: an item's date", parsedate_to_datetime(item.findtext("pubDate")))
        check(f"{name}: its id is no address", item.find("guid").get("isPermaLink") == "false")
        enclosures = item.findall("enclosure")
        check(f"{name}: one enclosure at the most", len(enclosures) < 2)
        for enclosure in enclosures:
            check(f"{name}: an enclosure is whole", is_absolute(enclosure.get("url")) and enclosure.get("length").isdigit() and "/" in enclosure.get("type"))
        absolute_within(name, item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded"))
    unique(name, [item.findtext("guid") for item in channel.findall("item")])
    return len(channel.findall("item"))


def atom(name, body):
    feed = etree.fromstring(body)
    for needed in ("id", "title", "updated"):
        check(f"{name}: one {needed}", len(feed.findall(ATOM + needed)) == 1 and (feed.findtext(ATOM + needed) or "").strip())
    check(f"{name}: an author", (feed.findtext(f"{ATOM}author/{ATOM}name") or "").strip())
    entries = feed.findall(f"{ATOM}entry")
    for entry in [feed, *entries]:
        check(f"{name}: an id is an IRI", re.match(r"urn:uuid:[0-9a-f-]{36}$", entry.findtext(f"{ATOM}id")))
        alternates = [(link.get("type"), link.get("hreflang")) for link in entry.findall(f"{ATOM}link[@rel='alternate']")]
        check(f"{name}: each alternate once", len(alternates) == len(set(alternates)))
        for link in entry.findall(f"{ATOM}link"):
            check(f"{name}: a link is absolute", is_absolute(link.get("href")), link.get("href"))
        for date in ("updated", "published"):
            for found in entry.findall(ATOM + date):
                check(f"{name}: {date} is a date", RFC3339.match(found.text), found.text)
    for entry in entries:
        check(f"{name}: an entry's title", (entry.findtext(f"{ATOM}title") or "").strip())
        absolute_within(name, entry.findtext(f"{ATOM}content"))
    for gone in feed.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry"):
        check(f"{name}: a tombstone is whole", gone.get("ref") and RFC3339.match(gone.get("when")))
    unique(name, [entry.findtext(f"{ATOM}id") for entry in entries])
    if relax_ng:
        check(f"{name}: the schema of RFC 4287", relax_ng.validate(feed), relax_ng.error_log)
    return len(entries)


def json_feed(name, body):
    feed = json.loads(body)
    check(f"{name}: its version", feed["version"] == "https://jsonfeed.org/version/1.1")
    check(f"{name}: its title", feed["title"].strip())
    for address in ("home_page_url", "feed_url", "next_url", "icon"):
        check(f"{name}: {address}", address not in feed or is_absolute(feed[address]))
    for item in feed["items"]:
        check(f"{name}: an item has an id and a text", item["id"] and ("content_html" in item or "content_text" in item))
        for address in ("url", "external_url", "image"):
            check(f"{name}: {address}", address not in item or is_absolute(item[address]), item.get(address))
        for date in ("date_published", "date_modified"):
            check(f"{name}: {date}", date not in item or RFC3339.match(item[date]))
        absolute_within(name, item.get("content_html"))
    unique(name, [item["id"] for item in feed["items"]])
    return len(feed["items"])


def ninjs(name, body):
    feed = json.loads(body)
    check(f"{name}: its uri", feed["uri"].startswith("urn:uuid:"))
    check(f"{name}: its standard", feed["standard"]["version"] == "3.1")
    if ninjs_schema:
        errors = [f"{list(error.path)}: {error.message}" for error in ninjs_schema.iter_errors(feed)]
        check(f"{name}: the schema of ninjs 3.1", not errors, errors[:3])
    items = [item for item in feed.get("associations", []) if item.get("rel") == "item"]
    unique(name, [item["uri"] for item in items])
    return len(items)


def sitemap(name, body):
    document = etree.fromstring(body)
    locations = [found.text for found in document.iter(f"{SITEMAP}loc")]
    check(f"{name}: it has addresses, and not too many", 0 < len(locations) <= 50_000 and len(body) < 50_000_000)
    check(f"{name}: they are absolute and each there once", all(map(is_absolute, locations)) and len(set(locations)) == len(locations))
    kind = "siteindex" if document.tag.endswith("sitemapindex") else "sitemap"
    if kind in sitemap_schemas:
        # What is not of the format itself has a schema of its own.
        plain = etree.fromstring(body)
        for other in list(plain.iter("{*}link", "{*}news")):
            other.getparent().remove(other)
        check(f"{name}: the schema of {kind}", sitemap_schemas[kind].validate(plain), sitemap_schemas[kind].error_log)
        for news in document.iter("{http://www.google.com/schemas/sitemap-news/0.9}news"):
            schema = sitemap_schemas["sitemap-news"]
            check(f"{name}: the schema of news", schema.validate(etree.ElementTree(news)), schema.error_log)
    return locations


# What schema.org knows of what is said here (Legislation's relations are among its newer terms).
TERMS = set("""@context @id @type @reverse headline name genre author dateline copyrightNotice image url caption description width height
    isBasedOn publisher mainEntityOfPage inLanguage datePublished dateModified creativeWorkStatus correction text wordCount articleSection
    keywords sameAs workTranslation legislationType legislationIdentifier legislationDate legislationDateOfApplicability legislationLegalForce
    legislationPassedBy legislationChanges legislationAmends legislationRepeals legislationCorrects legislationCommences citation
    itemListElement position item value unitCode""".split())


def linked_data(name, body):
    scripts = html.document_fromstring(body).xpath("//script[@type='application/ld+json']")
    found = [json.loads(script.text) for script in scripts]
    check(f"{name}: a text and the way to it", len(found) == 2 and found[1]["@type"] == "BreadcrumbList", len(found))

    def walk(data):
        for one in data if isinstance(data, list) else [data]:
            if isinstance(one, dict):
                check(f"{name}: schema.org knows its terms", set(one) <= TERMS, set(one) - TERMS)
                check(f"{name}: it says what it is", "@type" in one or set(one) <= TERMS - {"name"})
                for term in ("@id", "url", "item", "mainEntityOfPage"):
                    check(f"{name}: {term} is absolute", term not in one or is_absolute(one[term]), one.get(term))
                for value in one.values():
                    walk(value)

    walk(found)
    check(f"{name}: of schema.org", all(data["@context"] == "https://schema.org" for data in found))
    return found


WRITERS = {"rss": rss, "atom": atom, "json": json_feed, "ninjs": ninjs}


def feed(name, end, body):
    count = WRITERS[end](name, body)
    if end in ("rss", "atom"):
        read = feedparser.parse(body)
        check(f"{name}: feedparser takes it", not read.bozo, read.get("bozo_exception"))
        check(f"{name}: and finds all of it", len(read.entries) == count, (len(read.entries), count))
        for entry in read.entries:
            check(f"{name}: with its id and date", entry.get("id") and entry.get("published_parsed"), entry.get("id"))
    return count


def get(url, headers={}):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def server(base):
    for locale in ("en", "ru", "tk"):
        for stem in ("feed", "feeds/last-news", "feeds/most-read", "feeds/editors-choice", "feeds/decrees", "categories/politics", "tags/treaties"):
            counts = {}
            for end in WRITERS:
                path = f"/{locale}/{stem}.{end}"
                status, headers, body = get(base + path)
                check(f"{path}: it is there", status == 200, status)
                counts[end] = feed(path, end, body)
                status, _, body = get(base + path, {"If-None-Match": headers.get("etag", headers.get("ETag", ""))})
                check(f"{path}: nothing is sent twice", (status, body) == (304, b""), status)
            check(f"/{locale}/{stem}: the same in all formats", counts["rss"] == counts["json"] == counts["ninjs"] >= counts["atom"] > 0, counts)
    status, _, body = get(base + "/sitemap.xml")
    check("/sitemap.xml: it is there", status == 200, status)
    found = {}
    for part in sitemap("/sitemap.xml", body):
        status, _, body = get(base + urlsplit(part).path)
        check(f"{part}: it is there", status == 200, status)
        for address in sitemap(part, body):
            check(f"{address}: it is in one sitemap", address not in found or "news" in part + found[address], part)
            found.setdefault(address, part)
    for address in [*found][::25]:
        check(f"{address}: there is a page", get(base + urlsplit(address).path)[0] == 200)
    for address in [address for address in found if "/articles/" in address or "/decrees/" in address][::10]:
        linked_data(address, get(base + urlsplit(address).path)[2].decode())
    repealed = linked_data("an act", get(base + "/en/decrees/law-on-pensions")[2].decode())[0]
    check("an act: what others do to it", repealed["@type"] == "Legislation" and repealed["@reverse"]["legislationRepeals"], repealed)
    text = get(base + "/robots.txt")[2].decode()
    check("/robots.txt: it names the sitemaps", re.search(r"^Sitemap: http\S+/sitemap.xml$", text, re.M), text)
    page = get(base + "/en/articles/future-dialogue-with-migration-organisation.ninjs")
    ninjs("one article", page[2])


def folder(path):
    files = sorted(path.iterdir())
    check("there are files", len(files) > 100, len(files))
    for file in files:
        body, end = file.read_bytes(), file.suffix[1:]
        if end == "xml":
            sitemap(file.name, body)
        else:
            feed(file.name, end, body)


relax_ng = ninjs_schema = None
sitemap_schemas = {}
if os.environ.get("SCHEMAS"):
    import jsonschema
    import rnc2rng

    schemas = Path(os.environ["SCHEMAS"])
    # A prefix for no namespace is one that XML does not have.
    grammar = rnc2rng.dumps(rnc2rng.load(str(schemas / "atom.rnc"))).replace(' xmlns:local=""', "")
    relax_ng = etree.RelaxNG(etree.fromstring(grammar.encode()))
    ninjs_text = json.loads((schemas / "ninjs-schema_3.1.json").read_text())
    # Where places are on the globe has a schema of its own, elsewhere, and is not written here.
    ninjs_text["$defs"]["ninjsType"]["properties"]["places"]["items"]["properties"].pop("geoJSON", None)
    ninjs_schema = jsonschema.Draft202012Validator(ninjs_text, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    for kind in ("sitemap", "siteindex", "sitemap-news"):
        sitemap_schemas[kind] = etree.XMLSchema(etree.parse(str(schemas / f"{kind}.xsd")))

wanted = sys.argv[1]
folder(Path(wanted)) if os.path.isdir(wanted) else server(wanted.rstrip("/"))
tally.end()
