"""Follows a text through its life by other makers' readers: what somebody sees who has subscribed, when it comes, is corrected, moves, is
withdrawn, and is taken away.

    BASE_URL=http://127.0.0.1:8080 EMAIL=… PASSWORD=… python follow.py

Ends with the line `N passed, N failed`.
"""

import json
import os
import time
import urllib.request
from datetime import datetime

import feedparser
from lxml import etree

import tally
from tally import check

BASE = os.environ["BASE_URL"].rstrip("/")
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def get(path):
    with urllib.request.urlopen(BASE + path) as answer:
        return answer.read()


def ask(query, variables, token=None):
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    body = json.dumps({"query": query, "variables": variables}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{BASE}/graphql", body, headers)) as answer:
        answered = json.load(answer)
    if "errors" in answered:
        raise RuntimeError(answered["errors"])
    return answered["data"]


class Desk:
    def __init__(self):
        signed_in = self.change("signIn", "SignIn", {"email": os.environ["EMAIL"], "password": os.environ["PASSWORD"]}, "accessToken")
        self.token = signed_in["accessToken"]
        self.category = ask('{ category(by: { path: "sport" }, locale: "en") { id } }', {})["category"]["id"]

    token = None

    def change(self, mutation, name, given, wanted=""):
        query = f"mutation ($input: {name}Input!) {{ {mutation}(input: $input) {{ {wanted} userErrors {{ code field message }} }} }}"
        answer = ask(query, {"input": given}, self.token)[mutation]
        if answer["userErrors"]:
            raise RuntimeError(answer["userErrors"])
        return answer

    def write(self, content):
        given = {"categoryId": self.category, "locale": "en", "content": content}
        self.entry = self.change("createArticle", "CreateArticle", given, "entry { id }")["entry"]["id"]
        self.revision = 1

    def correct(self, content):
        self.change("saveArticle", "SaveArticle", self.it(basedOn=self.revision, content=content))
        self.revision += 1

    def publish(self, note=None):
        self.change("publishEntry", "PublishEntry", self.it(**({"changeNote": note} if note else {})))

    def take_back(self, ending):
        self.change("unpublishEntry", "UnpublishEntry", self.it(ending=ending))

    def it(self, **more):
        return {"entryId": self.entry, "locale": "en"} | more


def is_later(path, later, at):
    """RSS has no time of changes that feedparser knows; the others have it to the microsecond."""
    return path.endswith("rss") or datetime.fromisoformat(later) > datetime.fromisoformat(at)


def by_feedparser(path):
    """What feedparser makes of it: items by their ids, and what was taken back."""
    body = get(path)
    read = feedparser.parse(body)
    check(f"{path}: feedparser takes it", not read.bozo, read.get("bozo_exception"))
    items = {}
    for entry in read.entries:
        html = entry["content"][0]["value"] if "content" in entry else entry.get("summary", "")
        items[entry["id"]] = (entry["title"], html, entry.get("updated") or entry.get("published"), entry.get("link"))
    gone = {gone.get("ref") for gone in etree.fromstring(body).iter(TOMBSTONE)}
    return items, gone


def by_json(path):
    feed = json.loads(get(path))
    items = {item["id"]: (item["title"], item.get("content_html") or item.get("content_text"), item.get("date_modified") or item["date_published"], item.get("url")) for item in feed["items"]}
    return items, set()


READERS = {
    "/en/feed.rss": by_feedparser,
    "/en/feed.atom": by_feedparser,
    "/en/categories/sport.rss": by_feedparser,
    "/en/feeds/last-news.atom": by_feedparser,
    "/en/feed.json": by_json,
}

slug = f"followed-{int(time.time() * 1000):x}"
# What a reader has kept, by the feed and the id: nothing is forgotten, as readers do not.
kept = {path: {} for path in READERS}


def look(what):
    """Has each reader look, and gives what it has of the text: its id, what is shown now and what was before; and whether it is gone."""
    for path, reader in READERS.items():
        items, gone = reader(path)
        before = dict(kept[path])
        kept[path] |= items
        for id in gone:
            kept[path].pop(id, None)
        yield path, f"{what}, {path}", items, gone, before


desk = Desk()
for _ in look("before"):
    pass
desk.write({"title": "The bell & the <harbour>", "slug": slug, "body": {"source": "It rings at nine."}, "summary": "Nine & no later."})
desk.publish()
ids = {}
for path, what, items, _, before in look("published"):
    new = {id: item for id, item in items.items() if id not in before}
    check(f"{what}: one is new", len(new) == 1, new)
    ids[path], (title, html, _, link) = next(iter(new.items()))
    check(f"{what}: its title", title.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") == "The bell & the <harbour>", title)
    check(f"{what}: its text", "It rings at nine." in html, html)
    check(f"{what}: its page", link.endswith(f"/en/articles/{slug}"), link)
check("its id is the same in each feed and format", len(set(ids.values())) == 1, ids)

desk.correct({"body": {"source": "It rings at ten."}})
desk.publish("It rings an hour later than was said.")
for path, what, items, _, before in look("corrected"):
    check(f"{what}: none is new", not set(items) - set(before), set(items) - set(before))
    (_, old, at, _), (_, html, later, _) = before[ids[path]], items[ids[path]]
    check(f"{what}: it is newer", is_later(path, later, at), (at, later))
    check(f"{what}: it says what changed", "It rings at ten." in html and "an hour later" in html and html != old, html)

desk.correct({"slug": f"{slug}-moved"})
desk.publish()
for path, what, items, _, before in look("moved"):
    check(f"{what}: none is new", not set(items) - set(before), set(items) - set(before))
    check(f"{what}: it is at its new address", items[ids[path]][3].endswith(f"/en/articles/{slug}-moved"), items[ids[path]])

desk.take_back({"notice": "There never was a bell."})
for path, what, items, _, before in look("withdrawn"):
    check(f"{what}: none is new", not set(items) - set(before), set(items) - set(before))
    (_, _, at, _), (_, html, later, _) = before[ids[path]], items[ids[path]]
    check(f"{what}: the notice stands in the place of the text", "never was a bell" in html and "rings at" not in html, html)
    check(f"{what}: it is newer", is_later(path, later, at), (at, later))

desk.take_back({"gone": True})
for path, what, items, gone, before in look("taken away"):
    if path.endswith("atom"):
        check(f"{what}: a tombstone", ids[path] in gone and ids[path] not in items and ids[path] not in kept[path], gone)
    else:
        check(f"{what}: none is new", not set(items) - set(before), set(items) - set(before))
        check(f"{what}: it says so", "taken down" in items[ids[path]][1] and "bell" not in " ".join(map(str, items[ids[path]][:2])), items[ids[path]])

tally.end()
