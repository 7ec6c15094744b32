//! What was taken back of late.

use async_graphql::Context;
use courant_domain::page::{PageArguments, PageRequest};
use courant_persistence::Departed;
use jiff::Span;

use super::{Change, ChangeFilter};
use crate::{
    error::{Error, ErrorCode},
    executor::EagerList,
    schema::{
        connection::{MAX_PAGE, page_error},
        context::{request, today},
    },
};

/// For how many days it is told of.
const DAYS: i64 = 30;

/// Reads what was taken back of the lists that a filter names.
pub(in crate::schema) async fn departures(
    ctx: &Context<'_>,
    filter: Option<ChangeFilter>,
    with_notice: bool,
    first: Option<i32>,
) -> Result<EagerList<Change>, Error> {
    let context = request(ctx);
    let sizes = PageArguments { first: first.map(i64::from), ..PageArguments::default() };
    let page = PageRequest::parse(&sizes, MAX_PAGE, || 0).map_err(page_error)?;
    let mut filter = filter.unwrap_or_default().resolve(ctx)?;
    if !filter.subjects.is_empty() {
        return Err(Error::new(ErrorCode::BadUserInput, "leave out subjects: it is all of articles and decrees"));
    }
    let locale = filter.locale.unwrap_or(context.site().default_locale);
    filter.locale = Some(locale);
    let day = today(ctx).saturating_sub(Span::new().days(DAYS));
    let since = context.site().time_zone.day_begins(day);
    let departed = if with_notice { Departed::Withdrawn } else { Departed::Gone };
    let found = context.departures(departed, filter, since, page.size as usize).await?;
    Ok(found.into_iter().map(|change| Change { change, locale }).collect())
}
