use super::*;

#[test]
fn shortcodes_and_blocks_that_hide_are_signs() {
    for text in [
        "[private]a[/private]",
        "[membership level=\"1\"]a[/membership]",
        "[mepr-show rules=\"5\"]a[/mepr-show]",
        "[wpmem_logged_in]a[/wpmem_logged_in]",
        "[s2If is_user_logged_in()]a[/s2If]",
        "[members]a[/members]",
        "[vip]a[/vip]",
        "<p>a</p><!--members-only--><p>b</p>",
        "<p>a</p><!--kg-card-begin: paywall--><p>b</p>",
        "[secret]a[/secret]",
        "[abonnenten]a[/abonnenten]",
        "[restrict]a[/restrict]",
        "a [hide]b[/hide]",
        "[su_members]a[/su_members]",
        "[vault roles=\"editor\"]a[/vault]",
        "a\n\n[paywall]\n\nb",
        "<!-- wp:jetpack/premium-content/container --><p>a</p><!-- /wp:jetpack/premium-content/container -->",
        "<p>a</p><!-- wp:jetpack/paywall /--><p>b</p>",
        "<!-- wp:paragraph {\"blockVisibility\":{\"hideBlock\":true}} --><p>a</p>",
        "<!-- wp:paragraph {\"metadata\":{\"blockVisibility\":false}} --><p>a</p>",
        "<!-- wp:group {\"blockVisibility\":{\"controlSets\":[{\"controls\":{\"userRole\":{\"visibilityByRole\":\"logged-in\"}}}]}} -->",
    ] {
        assert!(in_text(text).is_some(), "{text}");
    }
}

#[test]
fn what_everybody_sees_is_no_sign() {
    for text in [
        "The members [of the board] met in private.",
        "[[private]]a[[/private]]",
        "[gallery ids=\"1,2\"]",
        "[team_member name=\"Ann\"]She mends nets.[/team_member]",
        "[wpmem_logged_out]Please sign in.[/wpmem_logged_out]",
        "[mepr-login-form]",
        "[hide_on_mobile]a[/hide_on_mobile]",
        "[box style=\"blue\"]a[/box]",
        "<!-- wp:jetpack/subscriptions /-->",
        "<!-- wp:acme/team-member --><p>Ann</p><!-- /wp:acme/team-member -->",
        "<!-- wp:paragraph {\"blockVisibility\":{\"hideBlock\":false}} --><p>a</p>",
        "<!-- wp:group {\"blockVisibility\":{\"controlSets\":[{\"controls\":{\"screenSize\":{\"hideOnScreenSize\":{\"small\":true}}}}]}} -->",
    ] {
        assert_eq!(in_text(text), None, "{text}");
    }
}

#[test]
fn fields_and_terms_speak_of_readers_or_of_something_else() {
    for (key, value) in [
        ("rcp_user_level", "1"),
        ("rcp_subscription_level", "a:1:{i:0;s:1:\"1\";}"),
        ("_members_access_role", "subscriber"),
        ("_content_visibility", "members"),
        ("_jetpack_newsletter_access", "paid_subscribers"),
        (
            "um_content_restriction",
            "a:2:{s:26:\"_um_custom_access_settings\";s:1:\"1\";s:14:\"_um_accessible\";s:1:\"2\";}",
        ),
        ("isPremium", "1"),
        ("rcp_subscription_level", "any"),
        ("groups-read", "7"),
        ("groups-groups_read_post", "groups_read_post"),
        ("memberful_acl", "a:1:{i:0;s:2:\"12\";}"),
        ("_wpmem_block", "1"),
        ("ihc_mb_who", "reg"),
        ("s2member_ccaps_req", "a:1:{i:0;s:4:\"gold\";}"),
        ("login_required", "1"),
        ("wlm_protect", "Y"),
    ] {
        assert_eq!(in_field(key, Some(value), &ZoneName::default()), Some(FieldSign::Hides), "{key} {value}");
    }
    for (key, value) in [
        ("rcp_user_level", "None"),
        ("_wpmem_block", "0"),
        ("ihc_mb_who", "all"),
        ("s2member_ccaps_req", "a:0:{}"),
        ("login_required", "0"),
        ("_members_access_error", "Please sign in."),
        ("_jetpack_newsletter_access", "everybody"),
        ("_visibility", "visible"),
        ("_wc_memberships_force_public", "yes"),
        ("um_content_restriction", "a:1:{s:14:\"_um_accessible\";s:1:\"0\";}"),
        ("_yoast_wpseo_meta-robots-noindex", "1"),
        ("_yoast_wpseo_metadesc", "For members only"),
        ("_accessibility_checked", "1"),
        ("team_member_role", "Editor"),
        ("header_visibility", "hidden"),
        ("_edit_last", "1"),
    ] {
        assert_eq!(in_field(key, Some(value), &ZoneName::default()), None, "{key} {value}");
    }
    assert!(matches!(
        in_field("_expiration-date", Some("1700000000"), &ZoneName::default()),
        Some(FieldSign::Expires(_))
    ));
    assert!(in_term("post_visibility", "members"));
    assert!(in_term("access-level", "gold"));
    assert!(!in_term("post_visibility", "Public"));
    assert!(!in_term("product_visibility", "outofstock"));
    assert!(!in_term("region", "members"));
}
