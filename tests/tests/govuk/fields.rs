//! What becomes of each field of a content item.

/// What becomes of it.
pub(crate) enum Field {
    /// A reader sees it, and it is compared.
    Compared,
    /// No reader sees it: it is for machines, or says again what another field says.
    Unseen,
    /// A reader sees it, or something of it, that has no place here; `docs/model.md` has this row on it.
    NoPlace(&'static str),
}

/// What becomes of the field at a path of a content item, or of the linked items under it.
pub(crate) fn of(path: &str) -> Option<Field> {
    use Field::{Compared, NoPlace, Unseen};
    Some(match path {
        "/base_path"
        | "/content_id"
        | "/document_type"
        | "/locale"
        | "/title"
        | "/description"
        | "/first_published_at"
        | "/public_updated_at"
        | "/withdrawn_notice"
        | "/details/body"
        | "/details/change_history"
        | "/details/delivered_on"
        | "/details/emphasised_organisations"
        | "/details/first_public_at"
        | "/details/government"
        | "/details/image"
        | "/details/location"
        | "/details/speaker_without_profile"
        | "/details/speech_type_explanation"
        | "/links/available_translations"
        | "/links/document_collections"
        | "/links/government"
        | "/links/people"
        | "/links/policy_areas"
        | "/links/related_policies"
        | "/links/roles"
        | "/links/speaker"
        | "/links/taxons"
        | "/links/topical_events" => Compared,

        "/analytics_identifier"
        | "/phase"
        | "/publishing_app"
        | "/publishing_request_id"
        | "/publishing_scheduled_at"
        | "/rendering_app"
        | "/scheduled_publishing_delay_seconds"
        | "/schema_name"
        | "/updated_at" => Unseen,
        // Slugs of what the links name in full.
        "/details/tags" | "/links/policies" | "/links/emphasised_organisations" => Unseen,
        // The one of the organisations that the page is counted for.
        "/links/primary_publishing_organisation" => Unseen,

        "/details/political" => NoPlace("| history mode |"),
        "/details/images" => NoPlace("| the lead image in six sizes |"),
        "/details/attachments" => NoPlace("| attachments as objects |"),
        "/links/organisations" | "/links/worldwide_organisations" => NoPlace("| an organisation's logo and colour |"),
        "/links/world_locations" => NoPlace("| what sort of subject a tag is |"),
        _ => return None,
    })
}
