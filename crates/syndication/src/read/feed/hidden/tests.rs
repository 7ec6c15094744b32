use super::{hides, is_reserved};

#[test]
fn what_is_not_certainly_public_is_hidden() {
    for (name, value) in [
        ("draft", "yes"),
        ("draft", ""),
        ("is_draft", "true"),
        ("status", "in-review"),
        ("visibility", "members"),
        ("published", "false"),
        ("embargo", "2031-01-01"),
        ("state", "PRIVATE"),
        ("post_password", "x"),
        ("pubStatus", "stat:withheld"),
        ("publish", "no"),
        ("workflowState", "in review"),
        ("internal", "yes"),
        ("memberOnly", "yes"),
        ("for-members", ""),
        ("active", "false"),
        ("online", "0"),
        ("audience", "only_paid"),
        ("audience", "internal"),
        ("Sperrfrist", "2099-12-31T10:00:00Z"),
        ("statut", "brouillon"),
        ("статус", "черновик"),
        ("estado", "borrador"),
        ("security", "friends"),
        ("password", "ebb"),
        ("isPaywalled", "1"),
    ] {
        assert!(hides(name, Some(value)), "{name} {value}");
    }
    for (name, value) in [
        ("draft", "no"),
        ("_draft", "false"),
        ("status", "Published"),
        ("pubStatus", "stat:usable"),
        ("published", "2026-03-01T00:00:00Z"),
        ("state", "California"),
        ("post_password", ""),
        ("title", "draft"),
        ("memberOnly", "no"),
        ("member", "Ann"),
        ("active", "yes"),
        ("enabled", "true"),
        ("audience", "Teachers"),
        ("statut", "publié"),
        ("estado", "Jalisco"),
        ("security", "public"),
        ("password", ""),
    ] {
        assert!(!hides(name, Some(value)), "{name} {value}");
    }
}

#[test]
fn terms_of_use_may_hold_a_text_back() {
    assert!(is_reserved("Embargoed until 1 Jan 2030"));
    assert!(is_reserved("© Harbour Courier. For INTERNAL USE only"));
    assert!(!is_reserved("© Harbour Courier, all rights reserved"));
}
