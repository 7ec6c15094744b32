//! `courant site show` and `courant site set`.

use std::io::{Write, stdout};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use courant_domain::{
    locale::Locale,
    site::{Site, SiteLocale},
    text::Localized,
    zone::ZoneName,
};
use courant_options::DatabaseOptions;

/// Show or set the site's name, languages and rules
#[derive(Debug, Args)]
pub(crate) struct SiteArgs {
    #[command(subcommand)]
    command: SiteCommand,
}

#[derive(Debug, Subcommand)]
enum SiteCommand {
    /// Show the site's name, languages, fallbacks and rules
    Show {
        #[command(flatten)]
        database: DatabaseOptions,
    },
    Set(SetArgs),
}

/// Set the site's name, languages, fallbacks and rules
///
/// What is not named stays as it is; a language that is taken away is no fallback any more. When languages or fallbacks
/// change, every list is made anew, which takes a while on a large database.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  courant site set --name \"City Paper\" --locales en,ru,tk --fallback tk=ru,en --fallback ru=en")]
struct SetArgs {
    /// Its name: in the default language, or behind LOCALE= in that one
    #[arg(long, env = "COURANT_SITE_NAME", value_name = "[LOCALE=]TEXT")]
    name: Vec<String>,

    /// What it is, in a sentence: in the default language, or behind LOCALE= in that one
    #[arg(long, env = "COURANT_SITE_DESCRIPTION", value_name = "[LOCALE=]TEXT")]
    description: Vec<String>,

    /// All languages it is published in, in the order readers are offered them
    #[arg(long, env = "COURANT_SITE_LOCALES", value_name = "LOCALES", value_delimiter = ',')]
    locales: Vec<Locale>,

    /// A language's name for itself, such as tk=Türkmençe
    #[arg(long, env = "COURANT_SITE_LOCALE_NAME", value_name = "LOCALE=NAME", value_parser = locale_and_text)]
    locale_name: Vec<(Locale, String)>,

    /// Where readers of a language are sent for what is not published in it, in order; empty for nowhere
    #[arg(long, env = "COURANT_SITE_FALLBACK", value_name = "LOCALE=LOCALES", value_parser = fallback)]
    fallback: Vec<(Locale, Vec<Locale>)>,

    /// The language of who asks for none
    #[arg(long, env = "COURANT_SITE_DEFAULT_LOCALE", value_name = "LOCALE")]
    default_locale: Option<Locale>,

    /// Where it is: a name of the IANA time zone database
    #[arg(long, env = "COURANT_SITE_TIME_ZONE", value_name = "NAME")]
    time_zone: Option<ZoneName>,

    /// Its own pages elsewhere, on social networks say; all of them, and an empty one for none
    #[arg(long, env = "COURANT_SITE_PROFILE", value_name = "URL")]
    profile: Vec<String>,

    /// Whether somebody else than who wrote a text has to agree before it goes live: by approving it, or by publishing or
    /// scheduling it themselves. It holds for administrators and machines, too, and not for imports and this command
    #[arg(long, env = "COURANT_SITE_FOUR_EYES", value_name = "true|false")]
    four_eyes: Option<bool>,

    /// Whether feeds give the summaries of texts alone, and not the texts
    #[arg(long, env = "COURANT_SITE_SHORT_FEEDS", value_name = "true|false")]
    short_feeds: Option<bool>,

    #[command(flatten)]
    database: DatabaseOptions,
}

fn locale_and_text(text: &str) -> Result<(Locale, String)> {
    let (locale, text) = text.split_once('=').context("wanted is a language, = and a text")?;
    Ok((Locale::parse(locale)?, text.to_owned()))
}

fn fallback(text: &str) -> Result<(Locale, Vec<Locale>)> {
    let (locale, fallbacks) = text.split_once('=').context("wanted is a language, = and languages: tk=ru,en")?;
    let fallbacks =
        fallbacks.split(',').filter(|part| !part.is_empty()).map(Locale::parse).collect::<Result<_, _>>()?;
    Ok((Locale::parse(locale)?, fallbacks))
}

pub(crate) async fn run(args: SiteArgs) -> Result<()> {
    match args.command {
        SiteCommand::Show { database } => {
            let store = database.open_existing().await?;
            show(&store.reference().site)?;
            store.close().await?;
        }
        SiteCommand::Set(args) => {
            let store = args.database.open_existing().await?;
            let site = changed(&store.reference().site, &args)?;
            store.newsroom().site_put(&site).await.context("the site stays as it was")?;
            show(&site)?;
            store.close().await?;
        }
    }
    Ok(())
}

/// The site with what the arguments name changed.
fn changed(site: &Site, args: &SetArgs) -> Result<Site> {
    let mut site = site.clone();
    if !args.locales.is_empty() {
        site.set_locales(&args.locales);
    }
    for (tag, fallbacks) in &args.fallback {
        for (index, fallback) in fallbacks.iter().enumerate() {
            let wrong = if fallback == tag {
                "is that language itself".to_owned()
            } else if fallbacks[..index].contains(fallback) {
                "is listed twice".to_owned()
            } else if !site.has(*fallback) {
                format!("is not one of the site's languages, which are {}", tags(&site))
            } else {
                continue;
            };
            bail!("{fallback} in --fallback {tag}={} {wrong}", comma_separated(fallbacks));
        }
        of(&mut site, *tag)?.fallbacks.clone_from(fallbacks);
    }
    for (tag, name) in &args.locale_name {
        of(&mut site, *tag)?.name.clone_from(name);
    }
    if let Some(locale) = args.default_locale {
        site.default_locale = locale;
    }
    if !site.has(site.default_locale) {
        let default = site.default_locale;
        bail!("{default} is the default language and not one of {}; name another with --default-locale", tags(&site));
    }
    let (default, locales) = (site.default_locale, site.locales.clone());
    let put = |texts: &mut Localized, given: &[String]| {
        for text in given {
            // "a=b" is a text too: only a language of the site in front of the sign is one.
            let named = text.split_once('=').and_then(|(tag, text)| {
                let tag = Locale::parse(tag).ok().filter(|tag| locales.iter().any(|locale| locale.tag == *tag))?;
                Some((tag, text))
            });
            let (locale, text) = named.unwrap_or((default, text));
            texts.set(locale, text);
        }
    };
    put(&mut site.name, &args.name);
    put(&mut site.description, &args.description);
    if let Some(zone) = &args.time_zone {
        site.time_zone.clone_from(zone);
    }
    if !args.profile.is_empty() {
        site.profiles = args.profile.iter().filter(|profile| !profile.is_empty()).cloned().collect();
    }
    site.four_eyes = args.four_eyes.unwrap_or(site.four_eyes);
    site.short_feeds = args.short_feeds.unwrap_or(site.short_feeds);
    Ok(site)
}

fn tags(site: &Site) -> String {
    comma_separated(&site.locales.iter().map(|locale| locale.tag).collect::<Vec<_>>())
}

fn comma_separated(locales: &[Locale]) -> String {
    locales.iter().map(Locale::as_str).collect::<Vec<_>>().join(",")
}

fn of(site: &mut Site, tag: Locale) -> Result<&mut SiteLocale> {
    match site.locales.iter_mut().find(|locale| locale.tag == tag) {
        Some(locale) => Ok(locale),
        None => bail!("{tag} is not one of the site's languages; name all of them with --locales"),
    }
}

fn show(site: &Site) -> Result<()> {
    let mut out = stdout().lock();
    for (locale, name) in site.name.iter() {
        writeln!(out, "name ({locale})  {name}")?;
    }
    for (locale, description) in site.description.iter() {
        writeln!(out, "description ({locale})  {description}")?;
    }
    writeln!(out, "languages")?;
    for locale in &site.locales {
        let fallbacks: Vec<&str> = locale.fallbacks.iter().map(Locale::as_str).collect();
        let default = if locale.tag == site.default_locale { ", default" } else { "" };
        let fallbacks =
            if fallbacks.is_empty() { String::new() } else { format!(", falls back to {}", fallbacks.join(", ")) };
        writeln!(out, "  {} ({}){default}{fallbacks}", locale.tag, locale.name)?;
    }
    writeln!(out, "time zone  {}", site.time_zone)?;
    for profile in &site.profiles {
        writeln!(out, "profile  {profile}")?;
    }
    writeln!(out, "four eyes  {}", site.four_eyes)?;
    writeln!(out, "short feeds  {}", site.short_feeds)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: SetArgs,
    }

    fn set(site: &Site, args: &[&str]) -> Result<Site> {
        changed(site, &Command::try_parse_from(std::iter::once(&"set").chain(args)).unwrap().args)
    }

    #[test]
    fn what_is_not_named_stays() {
        let site = Site::new(Locale::ENGLISH, "Courant");
        let site = set(&site, &["--locales", "en,ru,tk", "--fallback", "tk=ru,en", "--fallback=ru=en"]).unwrap();
        let site =
            set(&site, &["--name", "City Paper", "--name", "ru=Газета", "--locale-name", "tk=Türkmençe"]).unwrap();
        site.validate().unwrap();
        let names: Vec<_> = site.name.iter().map(|(locale, name)| format!("{locale} {name}")).collect();
        assert_eq!(names, ["en City Paper", "ru Газета"]);
        let locales: Vec<_> = site.locales.iter().map(|l| format!("{} {} {:?}", l.tag, l.name, l.fallbacks)).collect();
        assert_eq!(locales, ["en en []", "ru ru [Locale(en)]", "tk Türkmençe [Locale(ru), Locale(en)]"]);
        let site = set(&site, &["--fallback", "tk="]).unwrap();
        assert!(site.locales[2].fallbacks.is_empty() && !site.locales[1].fallbacks.is_empty());
    }

    #[test]
    fn the_time_zone_and_profiles_stay_until_they_are_named() {
        let site = Site::new(Locale::ENGLISH, "Courant");
        let site = set(&site, &["--time-zone", "Asia/Ashgabat", "--profile", "https://social.example/@city"]).unwrap();
        let site = set(&site, &["--name", "A"]).unwrap();
        assert_eq!((site.time_zone.as_str(), site.profiles.len()), ("Asia/Ashgabat", 1));
        assert!(set(&site, &["--profile", ""]).unwrap().profiles.is_empty());
        assert!(Command::try_parse_from(["set", "--time-zone", "Asia/Atlantis"]).is_err());
    }

    #[test]
    fn four_eyes_stay_as_they_are_until_they_are_named() {
        let site = Site::new(Locale::ENGLISH, "Courant");
        assert!(!set(&site, &["--name", "A"]).unwrap().four_eyes);
        let site = set(&site, &["--four-eyes", "true"]).unwrap();
        assert!(site.four_eyes && set(&site, &["--name", "A"]).unwrap().four_eyes);
        assert!(!set(&site, &["--four-eyes", "false"]).unwrap().four_eyes);
    }

    #[test]
    fn feeds_stay_as_long_as_they_are_until_it_is_said() {
        let site = set(&Site::new(Locale::ENGLISH, "Courant"), &["--short-feeds", "true"]).unwrap();
        assert!(site.short_feeds && set(&site, &["--name", "A"]).unwrap().short_feeds);
        assert!(!set(&site, &["--short-feeds", "false"]).unwrap().short_feeds);
    }

    #[test]
    fn an_equals_sign_in_a_text_is_no_language() {
        let site = Site::new(Locale::ENGLISH, "Courant");
        for name in ["a=b", "ru=Газета"] {
            assert_eq!(set(&site, &["--name", name]).unwrap().name.get(Locale::ENGLISH), Some(name));
        }
    }

    #[test]
    fn nobody_falls_back_to_a_language_that_is_taken_away() {
        let site = Site::new(Locale::ENGLISH, "Courant");
        let fallbacks = ["--fallback", "en=ru", "--fallback", "tk=ru,en"];
        let site = set(&site, &[&["--locales", "en,ru,tk"][..], &fallbacks].concat()).unwrap();
        let fewer = set(&site, &["--locales", "en,tk"]).unwrap();
        fewer.validate().unwrap();
        assert_eq!(fewer.chain(Locale::parse("tk").unwrap()).map(|l| l.to_string()).collect::<Vec<_>>(), ["tk", "en"]);
        assert!(fewer.locales[0].fallbacks.is_empty());
        for (args, says) in [
            (&["--locales", "en,tk", "--fallback", "tk=en,ru"][..], "ru in --fallback tk=en,ru is not one of"),
            (&["--fallback", "tk=en,tk"], "tk in --fallback tk=en,tk is that language itself"),
            (&["--fallback", "tk=en,ru,en"], "en in --fallback tk=en,ru,en is listed twice"),
            (&["--locales", "ru,tk"], "en is the default language and not one of ru,tk; name another with --default"),
        ] {
            let error = set(&site, args).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_fallback_of_an_unknown_language_is_an_error() {
        let site = Site::new(Locale::ENGLISH, "Courant");
        assert!(set(&site, &["--fallback", "tk=en"]).unwrap_err().to_string().contains("--locales"));
    }
}
