//! The objects behind the interface.

/// The fields of [`Publication`] on an object that wraps an edition, and the object's own behind them.
macro_rules! publication_object {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub(crate) struct $name(pub(crate) std::sync::Arc<courant_persistence::publication::Publication>);

        impl $crate::executor::ResolveEagerly for $name {
            fn at_hand<'a>(&'a self, field: &str, _: &'a $crate::schema::RequestContext) -> Option<std::borrow::Cow<'a, str>> {
                $crate::schema::publication::table::at_hand(&self.0, field)
            }
        }

        $(#[$doc])*
        #[async_graphql::Object]
        impl $name {
            /// Its global id. It names the language, too: another language of the same entry is another object.
            pub(crate) async fn id(&self) -> async_graphql::ID {
                $crate::schema::publication::fields::id(&self.0)
            }

            /// The entry it is one language of; the same in all languages.
            pub(crate) async fn entry_id(&self) -> async_graphql::ID {
                async_graphql::ID(self.0.entry.to_string())
            }

            /// The language it is in. Where that is a fallback, this is the real one.
            pub(crate) async fn locale(&self) -> $crate::schema::scalar::Locale {
                $crate::schema::scalar::Locale(self.0.locale)
            }

            /// Its name in addresses, unique among those of its type and language.
            pub(crate) async fn slug(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<std::borrow::Cow<'_, str>, $crate::error::Error> {
                $crate::schema::publication::fields::slug(ctx, &self.0).await
            }

            /// Its path on the site.
            pub(crate) async fn path(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<String, $crate::error::Error> {
                $crate::schema::publication::fields::path(ctx, &self.0).await
            }

            /// The headline, or a decree's official title.
            pub(crate) async fn title(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<std::borrow::Cow<'_, str>, $crate::error::Error> {
                $crate::schema::publication::fields::title(ctx, &self.0).await
            }

            /// The standfirst: one or two sentences.
            pub(crate) async fn summary(&self, ctx: &async_graphql::Context<'_>) -> Option<Result<String, $crate::error::Error>> {
                $crate::schema::publication::fields::summary(ctx, &self.0).await.transpose()
            }

            /// The date it carries, and is sorted by.
            pub(crate) async fn published_at(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::scalar::DateTime, $crate::error::Error> {
                $crate::schema::publication::fields::published_at(ctx, &self.0).await
            }

            /// When it went live for the first time.
            pub(crate) async fn first_published_at(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::scalar::DateTime, $crate::error::Error> {
                let history = $crate::schema::publication::fields::history(ctx, &self.0).await?;
                Ok($crate::schema::scalar::DateTime(history.first_published_at))
            }

            /// When what readers see last changed.
            pub(crate) async fn updated_at(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::scalar::DateTime, $crate::error::Error> {
                let history = $crate::schema::publication::fields::history(ctx, &self.0).await?;
                Ok($crate::schema::scalar::DateTime(history.updated_at))
            }

            /// Where it is filed.
            pub(crate) async fn category(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::executor::Eager<$crate::schema::category::Category>, $crate::error::Error> {
                $crate::schema::publication::fields::category(ctx, &self.0).await
            }

            /// The way to it: the front page, then the categories from the top.
            pub(crate) async fn breadcrumbs(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::executor::EagerList<$crate::schema::category::Crumb>, $crate::error::Error> {
                $crate::schema::publication::fields::breadcrumbs(ctx, &self.0).await
            }

            /// Its subjects, the most important first.
            pub(crate) async fn tags(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::executor::EagerList<$crate::schema::tag::Tag>, $crate::error::Error> {
                $crate::schema::publication::fields::tags(ctx, &self.0).await
            }

            /// How often the entry was read, in all its languages.
            pub(crate) async fn view_count(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<i32, $crate::error::Error> {
                $crate::schema::publication::fields::view_count(ctx, &self.0).await
            }

            /// The same entry in the other languages it is live in.
            pub(crate) async fn translations(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::executor::EagerList<$crate::schema::publication::Publication>, $crate::error::Error> {
                $crate::schema::publication::fields::translations(ctx, &self.0).await
            }

            /// What its editors chose to go with it, then what is most like it. The order may lag by some seconds.
            pub(crate) async fn related(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(default = 5, desc = "How many at the most, up to 100; there are about twenty.")] first: i32,
            ) -> Option<Result<$crate::executor::EagerList<$crate::schema::publication::Publication>, $crate::error::Error>> {
                Some($crate::schema::related::related(ctx, &self.0, first).await)
            }

            /// What was changed since it was first published, oldest first.
            pub(crate) async fn change_notes(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<Vec<$crate::schema::publication::ChangeNote>, $crate::error::Error> {
                $crate::schema::publication::fields::change_notes(ctx, &self.0).await
            }

            /// Set when it was taken back but can still be read.
            pub(crate) async fn withdrawal(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Option<Result<$crate::schema::publication::Withdrawal, $crate::error::Error>> {
                $crate::schema::publication::fields::withdrawal(ctx, &self.0).await.transpose()
            }

            /// What it is in the terms of schema.org, as JSON-LD: a list of two objects, the text and the way to it. It can be put into a
            /// script element of a page as it is. Addresses in it are absolute where the server knows where the site is.
            pub(crate) async fn json_ld(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<String, $crate::error::Error> {
                $crate::schema::publication::json_ld::json_ld(ctx, &self.0).await
            }

            $($own)*
        }
    };
}

pub(in crate::schema) use publication_object;
