//! The pages. The operations are those that GraphiQL opens with.

use anyhow::Result;
use graphql_client::GraphQLQuery;
use jiff::Timestamp;
use reqwest::Client;

use crate::ask::ask;

/// A moment (RFC 3339).
type DateTime = Timestamp;
/// A language's tag (BCP 47).
type Locale = String;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema.graphql", query_path = "../../web/graphiql/examples/1-portal-page.graphql")]
struct PortalPage;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema.graphql", query_path = "../../web/graphiql/examples/2-front-page.graphql")]
struct FrontPage;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../../schema.graphql",
    query_path = "../../web/graphiql/examples/3-category-with-paging.graphql"
)]
struct CategoryWithPaging;

fn day(moment: Timestamp) -> String {
    moment.strftime("%-d %B %Y").to_string()
}

/// An article with the way to it, its category's news and the "last news" box, in one request.
///
/// # Errors
/// When the service cannot give it.
pub async fn portal_page(client: &Client, url: &str) -> Result<String> {
    let page = ask::<PortalPage>(client, url, portal_page::Variables).await?;
    // An article may not be there; what a published one always has is never null.
    let Some(article) = page.article else { return Ok("There is no such article.".to_owned()) };
    let crumbs: Vec<&str> = article.breadcrumbs.iter().map(|crumb| crumb.title.as_str()).collect();
    let mut lines = vec![
        crumbs.join(" \\ "),
        article.title,
        format!("Published {}, read {} times", day(article.published_at), article.view_count),
        article.body.html,
        format!("More in {}:", article.category.title),
    ];
    lines.extend(article.category.related.iter().flatten().map(|item| format!("  {} ({})", item.title, item.path)));
    lines.extend(article.translations.iter().map(|it| format!("[{}] {}", it.locale, it.title)));
    if let Some(feed) = page.feed {
        lines.push(feed.title);
        let items = feed.items.map(|items| items.nodes).unwrap_or_default();
        lines.extend(items.iter().map(|item| format!("  {}  {}", day(item.published_at), item.title)));
    }
    Ok(lines.join("\n"))
}

/// The newest articles in a language, each with what else its category has.
///
/// # Errors
/// When the service cannot give it.
pub async fn front_page(client: &Client, url: &str, locale: &str) -> Result<String> {
    let page = ask::<FrontPage>(client, url, front_page::Variables { locale: locale.to_owned() }).await?;
    let line = |article: &front_page::FrontPageArticlesNodes| {
        let related: Vec<&str> = article.category.related.iter().flatten().map(|item| item.title.as_str()).collect();
        format!("{}\n  {}: {}", article.title, article.category.title, related.join(" | "))
    };
    let articles = page.articles.map(|articles| articles.nodes).unwrap_or_default();
    Ok(articles.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// The titles of all articles of a category, a page at a time.
///
/// # Errors
/// When the service cannot give them.
pub async fn category_titles(client: &Client, url: &str, path: &str, locale: &str) -> Result<Vec<Vec<String>>> {
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let variables = category_with_paging::Variables { path: path.to_owned(), locale: locale.to_owned(), after };
        let category = ask::<CategoryWithPaging>(client, url, variables).await?.category;
        let Some(articles) = category.and_then(|category| category.articles) else {
            return Ok(pages);
        };
        pages.push(articles.edges.into_iter().map(|edge| edge.node.title).collect());
        match articles.page_info {
            info if info.has_next_page => after = info.end_cursor,
            _ => return Ok(pages),
        }
    }
}
