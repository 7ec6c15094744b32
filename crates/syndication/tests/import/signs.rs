//! What only some readers may have at its source, or none of them now.

use courant_syndication::{ItemStatus, Shown};
use jiff::Timestamp;

use super::{
    feeds::{atom, json, rss},
    wordpress::{export, post},
    *,
};

fn meta(key: &str, value: &str) -> String {
    format!("<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>")
}

#[test]
fn a_post_for_members_is_private_and_it_is_said_why() {
    let term = |name: &str| format!("<category domain=\"post_visibility\" nicename=\"{name}\">{name}</category>");
    for (source, sign) in [
        (post("", "<p>Free.</p>[members_logged_in]<p>Paid.</p>[/members_logged_in]"), "shortcode members_logged_in"),
        (
            post("", "<p>Free.</p><!-- wp:jetpack/paywall --><!-- /wp:jetpack/paywall --><p>Paid.</p>"),
            "block jetpack/paywall",
        ),
        (post(&meta("_members_access_role", "crew"), "x"), "custom field _members_access_role"),
        (post(&meta("login_required", "1"), "x"), "custom field login_required"),
        (post("", "[vip]Ebb.[/vip]"), "shortcode vip"),
        (post(&term("hidden"), "x"), "taxonomy post_visibility"),
    ] {
        let import = import(&source);
        assert_eq!(import.items[0].status, ItemStatus::Private, "{source}");
        let said = messages(&import);
        assert!(said.iter().any(|line| line.contains(sign)), "{said:?}");
    }
    for source in [
        post(&term("public"), "x"),
        post(&meta("_visibility", "visible"), "x"),
        post(&meta("_yoast_wpseo_title", "Members only"), "x"),
        post("", "[code][private]a[/private][/code]"),
    ] {
        assert_eq!(one(&source).status, ItemStatus::Published, "{source}");
    }
}

#[test]
fn a_reusable_block_may_be_for_members_too() {
    let block = "<item><title>Box</title><wp:post_id>9</wp:post_id><wp:post_type>wp_block</wp:post_type><wp:status>publish</wp:status>\
                 <content:encoded><![CDATA[[premium]Paid.[/premium]]]></content:encoded></item>";
    let post = "<item><title>A</title><wp:post_id>7</wp:post_id><wp:post_date_gmt>2026-03-02 08:30:00</wp:post_date_gmt>\
                <wp:status>publish</wp:status><content:encoded><![CDATA[<!-- wp:block {\"ref\":9} /-->]]></content:encoded></item>";
    assert_eq!(one(&export(&format!("{post}{block}"))).status, ItemStatus::Private);
}

#[test]
fn the_times_in_which_an_item_is_shown_are_found_in_every_format() {
    let at = |text: &str| text.parse::<Timestamp>().ok();
    let (from, until) = (at("2031-05-02T00:00:00Z"), at("2025-01-01T00:00:00Z"));
    let since = Shown { from, until: None };
    let over = Shown { from: None, until };
    let item = |more: &str| {
        rss(&format!("<item><title>A</title><pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate>{more}</item>"))
    };
    let entry = |more: &str| atom(&format!("<published>2026-03-04T06:00:00Z</published>{more}"));
    let object =
        |more: &str| json(&format!(r#"{{"id": "1", "title": "A", "date_published": "2026-03-04T06:00:00Z", {more}}}"#));
    for (source, shown) in [
        (item("<dcterms:available>2031-05-02</dcterms:available>"), since),
        (item("<dcterms:issued>2031-05-02</dcterms:issued>"), since),
        (item("<dcterms:valid>start=2031-05-02; scheme=W3C-DTF</dcterms:valid>"), since),
        (item("<prism:expirationDate xmlns:prism='urn:p'>2025-01-01</prism:expirationDate>"), over),
        (item("<expires>2025-01-01</expires>"), over),
        (entry("<x:expires xmlns:x='urn:x'>2025-01-01T00:00:00Z</x:expires>"), over),
        (entry("<dcterms:available xmlns:dcterms='http://purl.org/dc/terms/'>2031-05-02</dcterms:available>"), since),
        (object(r#""_ours": {"available_from": "2031-05-02"}"#), since),
        (object(r#""expires_at": "2025-01-01""#), over),
        (item("<expires>never</expires><ttl>60</ttl>"), Shown::default()),
    ] {
        let item = one(&source);
        assert_eq!((item.status, item.shown), (ItemStatus::Published, shown), "{source}");
    }
    // Nobody knows whether that is over.
    assert_eq!(one(&item("<dcterms:available>soon</dcterms:available>")).status, ItemStatus::Draft);
}

#[test]
fn what_is_internal_or_embargoed_by_its_rights_is_a_draft() {
    let item = |more: &str| {
        rss(&format!("<item><title>A</title><pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate>{more}</item>"))
    };
    for (more, status) in [
        ("<internal>yes</internal>", ItemStatus::Draft),
        ("<memberOnly>yes</memberOnly>", ItemStatus::Draft),
        ("<memberOnly>no</memberOnly>", ItemStatus::Published),
        ("<dc:rights>Embargoed until 1 May 2031</dc:rights>", ItemStatus::Draft),
        ("<dc:rights>© Hill Radio</dc:rights>", ItemStatus::Published),
    ] {
        assert_eq!(one(&item(more)).status, status, "{more}");
    }
}

#[test]
fn a_sign_may_be_in_another_element_or_an_attribute() {
    let item = |more: &str| {
        rss(&format!(
            "<item><title>A</title><pubDate>Wed, 04 Mar 2026 06:00:00 GMT</pubDate><description>Ebb.</description>{more}</item>"
        ))
    };
    let entry = |more: &str| atom(&format!("<published>2026-03-04T06:00:00Z</published>{more}"));
    let object = |more: &str| {
        json(&format!(
            r#"{{"id": "1", "title": "A", "content_text": "Ebb.", "date_published": "2026-03-04T06:00:00Z", {more}}}"#
        ))
    };
    for source in [
        item("<x:meta xmlns:x='urn:x'><x:status>draft</x:status></x:meta>"),
        item("<x:meta xmlns:x='urn:x'><x:more><x:visibility>crew</x:visibility></x:more></x:meta>"),
        item("<x:meta xmlns:x='urn:x' visibility='private'/>"),
        item("<publish status='draft'/>"),
        item("<active>false</active>"),
        item("<free>false</free>"),
        item("<tier>gold</tier>"),
        item("<roles>crew</roles>"),
        item("<category domain='status'>draft</category>"),
        entry("<category scheme='https://hill.example/visibility/' term='crew'/>"),
        item("<x:online xmlns:x='urn:x'>0</x:online>"),
        item("<enabled>0</enabled>"),
        item("<audience>internal</audience>"),
        item("<sperrfrist>2099-12-31T10:00:00Z</sperrfrist>"),
        item("<statut>brouillon</statut>"),
        item("<estado>borrador</estado>"),
        item("<lj:security xmlns:lj='urn:lj' type='friends'/>"),
        entry("<x:publish xmlns:x='urn:x' status='draft'/>"),
        entry("<x:meta xmlns:x='urn:x'><x:published>no</x:published></x:meta>"),
        entry(
            "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#backlink'/>",
        ),
        entry("<blogger:type xmlns:blogger='http://schemas.google.com/blogger/2018'>ABUSE</blogger:type>"),
        object(r#""_x": {"meta": {"status": "draft"}}"#),
        object(r#""_x": {"password": "ebb"}"#),
        object(r#""_x": {"access": ["paid"]}"#),
        object(r#""audience": "only_paid""#),
    ] {
        let import = import(&source);
        assert_eq!(import.items[0].status, ItemStatus::Draft, "{source}");
        assert!(messages(&import).iter().any(|line| line.contains("taken as a draft")), "{source}");
    }
    let said = messages(&import(&object(r#""_x": {"password": "ebb"}"#)));
    assert!(said.iter().all(|line| !line.contains("ebb")), "{said:?}");
    for source in [
        item("<x:meta xmlns:x='urn:x' visibility='public'><x:status>published</x:status></x:meta>"),
        item("<x:comments xmlns:x='urn:x' status='closed'/><active>true</active>"),
        item("<category domain='news'>draft</category><category domain='status'>published</category>"),
        item("<estado>Jalisco</estado><audience>Teachers</audience>"),
        item("<lj:security xmlns:lj='urn:lj' type='public'/>"),
        entry(
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p hidden='hidden'>Ebb.</p></div></content>",
        ),
        entry(
            "<category scheme='http://schemas.google.com/g/2005#kind' term='http://gdata.youtube.com/schemas/2007#video'/>",
        ),
        object(r#""_x": {"access": ["public"], "comments": {"status": "closed"}, "password": ""}"#),
    ] {
        assert_eq!(one(&source).status, ItemStatus::Published, "{source}");
    }
}
