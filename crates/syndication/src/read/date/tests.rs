//! Dates as sources write them.

use super::*;

fn parse(text: &str) -> Option<Timestamp> {
    super::parse(text, &ZoneName::default())
}

fn read(text: &str, order: DayOrder) -> Option<Reading> {
    super::read(text, order, &ZoneName::default())
}

#[test]
fn a_day_without_a_time_is_that_day_where_the_site_is() {
    let zones = ["America/New_York", "Asia/Ashgabat", "Pacific/Kiritimati", "Africa/Cairo"];
    for zone in zones.map(|zone| ZoneName::parse(zone).unwrap()) {
        // In Cairo, this day begins at one.
        for text in ["2024-04-26", "20240426", "2024/04/26", "April 26, 2024", "Fri, 26 Apr 2024", "26.04.2024"] {
            let moment = super::parse(text, &zone).unwrap();
            assert_eq!(zone.day(moment).to_string(), "2024-04-26", "{text} {zone}");
            assert_eq!(moment, zone.day_begins(jiff::civil::date(2024, 4, 26)), "{text} {zone}");
        }
        for text in ["2024-04-26T00:00:00", "2024-04-26 00:00", "26 Apr 2024 00:00:00 GMT", "20240426000000"] {
            let moment = super::parse(text, &zone).unwrap();
            assert_eq!(moment.to_string(), "2024-04-26T00:00:00Z", "{text} {zone}");
        }
    }
}

#[test]
fn the_spellings_of_one_moment_are_one_moment() {
    for text in [
        "2026-11-23T18:05:00Z",
        " 2026-11-23T20:05:00+02:00\n",
        "2026-11-23T20:05:00+0200",
        "2026-11-23T18:05:00",
        "2026-11-23 18:05:00",
        "2026-11-23 18:05:00 +0000",
        "2026-11-23 18:05:00 UTC",
        "Mon, 23 Nov 2026 18:05:00 +0000",
        "Mon, 23 Nov 2026 18:05:00 GMT",
        "Mon, 23 Nov 2026 13:05:00 EST",
        "Mon, 23 Nov 2026 18:05 Z",
        "Monday, 23 November 2026 18:05:00 UTC",
        "Fri, 23 Nov 2026 18:05:00 GMT",
        "Пн, 23 Nov 2026 18:05:00 +0000",
        "23 Nov 2026 18:05:00",
        "November 23, 2026 18:05:00",
        "Mon, 23 Nov 2026 19:05:00 CET",
        "Mon, 23 Nov 2026 20:05:00 EET",
        "Mon, 23 Nov 2026 21:05:00 MSK",
        "Mon, 23 Nov 2026 21:05:00 GMT+0300",
        "Mon Nov 23 2026 21:05:00 GMT+0300 (Moscow Standard Time)",
        "Mon, 23 Nov 2026 21:05:00 +03:00",
        "Mon, 23 Nov 2026 21:05:00+0300",
        "Mon, 23 Nov 2026 10:05 am PST",
        "Mon, 23 Nov 2026 06:05 PM",
        "23 ноября 2026, 18:05",
        "luni, 23 noiembrie 2026, ora 18:05",
        "segunda-feira, 23 de novembro de 2026 às 18h05",
        "lunedì 23 novembre 2026 ore 18.05",
        "Montag, 23.11.2026, 18.05 Uhr",
        "Пн, 23 ноя 2026 21:05:00 +0300",
        "23.11.2026 18:05",
        "23.11.2026, 18:05:00",
        "2026/11/23 18:05:00",
        "Mon, 23 Nov 26 18:05:00 GMT",
        "Mon Nov 23 18:05:00 UTC 2026",
    ] {
        assert_eq!(parse(text).map(|moment| moment.to_string()).as_deref(), Some("2026-11-23T18:05:00Z"), "{text}");
    }
}

#[test]
fn a_day_begins_at_midnight() {
    for (text, moment) in [
        ("2026-11-23", "2026-11-23T00:00:00Z"),
        ("23 Nov 2026", "2026-11-23T00:00:00Z"),
        ("Nov 23, 2026", "2026-11-23T00:00:00Z"),
        ("5 мая 2026 г.", "2026-05-05T00:00:00Z"),
        ("Mon, 23 Nov 2026 24:00:00 GMT", "2026-11-24T00:00:00Z"),
        ("23 Nov 2026 12:30 AM", "2026-11-23T00:30:00Z"),
        ("23 Nov 2026 12:30 pm", "2026-11-23T12:30:00Z"),
        ("2026-5-1T9:05:00Z", "2026-05-01T09:05:00Z"),
    ] {
        assert_eq!(parse(text).unwrap().to_string(), moment, "{text}");
    }
}

#[test]
fn what_is_no_date_gives_none() {
    for text in [
        "",
        "soon",
        "0000-00-00 00:00:00",
        "2026-13-01",
        "31 Feb 2026 10:00:00 GMT",
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "23 Nov 2026 25:00:00",
        "23 Nov 2026 13:00 pm",
        "31.02.2026",
        "05/04/2026",
        "Mar, 04 2022 10:00:00 GMT",
        "Τρι, 04 Οκτ 2022 18:55:00 GMT",
        "23 Smarch 2026",
        "23 Nov 2026 18.5",
        "23 Nov 2026 18.65",
        "23 Nov 18.05",
        "Mon, 23 Nov 2026 18:05:00 +3000",
        "Mon, 23 Nov 2026 18:05:00 +1430",
        "2026-11-23T18:05:00+23:00",
        "2026-11-23 18:05:00 -2500",
        "17149792",
        "20261323180500",
        "2026",
        "2026-11",
        "2026/11",
        "11/2026",
        "202611",
        "Nov 2026",
        "2026-11T10:00:00",
        "05-04-2026",
        "05.04.2026 10:00",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn an_offset_is_one_that_a_place_has() {
    for (offset, utc) in [
        ("+1400", "2026-11-23T04:05:00Z"),
        ("-1200", "2026-11-24T06:05:00Z"),
        ("+0545", "2026-11-23T12:20:00Z"),
        ("-0330", "2026-11-23T21:35:00Z"),
        ("+1245", "2026-11-23T05:20:00Z"),
    ] {
        let long = format!("{}:{}", &offset[..3], &offset[3..]);
        for text in [
            format!("Mon, 23 Nov 2026 18:05:00 {offset}"),
            format!("2026-11-23T18:05:00{long}"),
            format!("20261123T180500{offset}"),
            format!("18:05 {long} 23-11-2026"),
            format!("23 Nov 2026 18:05:00 GMT{offset}"),
        ] {
            assert_eq!(parse(&text).map(|moment| moment.to_string()).as_deref(), Some(utc), "{text}");
        }
    }
    for offset in ["+3000", "+1401", "+1500", "-1201", "-1230", "-1300", "-1400", "+0501", "-0310", "+0259", "+0060"] {
        let long = format!("{}:{}", &offset[..3], &offset[3..]);
        for text in [
            format!("Mon, 23 Nov 2026 18:05:00 {offset}"),
            format!("2026-11-23T18:05:00{long}"),
            format!("2026-11-23t18:05:00{offset}"),
            format!("2026-11-23 18:05{long}"),
            format!("20261123T180500{offset}"),
            format!("23 Nov 2026 18:05:00 GMT{offset}"),
        ] {
            assert_eq!(parse(&text), None, "{text}");
        }
    }
}

#[test]
fn summer_has_zones_of_its_own() {
    for zone in ["CEST", "+0200", "EET", "GMT+2"] {
        let text = format!("Wed, 01 Jul 2026 12:00:00 {zone}");
        assert_eq!(parse(&text).unwrap().to_string(), "2026-07-01T10:00:00Z", "{zone}");
    }
    for zone in ["BST", "WEST", "CET"] {
        let text = format!("Wed, 01 Jul 2026 11:00:00 {zone}");
        assert_eq!(parse(&text).unwrap().to_string(), "2026-07-01T10:00:00Z", "{zone}");
    }
}

#[test]
fn a_zone_nobody_knows_is_named() {
    for (text, zone) in [
        ("Wed, 01 Jul 2026 10:00:00 XYZT", Some("XYZT")),
        ("Wed, 01 Jul 2026 10:00:00 Europe/Riga", Some("Europe/Riga")),
        ("Wed, 01 Jul 2026 10:00:00 IST", Some("IST")),
        ("Wed, 01 Jul 2026 10:00:00 EST", None),
    ] {
        assert_eq!(read(text, DayOrder::default()).unwrap().unknown_zone.as_deref(), zone, "{text}");
    }
}

#[test]
fn months_are_known_in_the_languages_of_newsrooms() {
    for (text, moment) in [
        ("mar, 11 ott 2022 18:55:00 GMT", "2022-10-11T18:55:00Z"),
        ("mar, 09 ago 2022 10:00:00 +0200", "2022-08-09T08:00:00Z"),
        ("mar., 23 août 2022 10:00:00 +0200", "2022-08-23T08:00:00Z"),
        ("mardi 22 février 2022 10:00", "2022-02-22T10:00:00Z"),
        ("mar, 10 ian 2023 10:00:00 +0200", "2023-01-10T08:00:00Z"),
        ("mar 8 mar 2022", "2022-03-08T00:00:00Z"),
        ("martedì 8 marzo 2022, 9:30", "2022-03-08T09:30:00Z"),
        ("Sa, 19. März 2022 10:00 Uhr", "2022-03-19T10:00:00Z"),
        ("Do, 22 Dez 2022 10:00:00 +0100", "2022-12-22T09:00:00Z"),
        ("1er juillet 2022 à 18h30", "2022-07-01T18:30:00Z"),
        ("sábado, 3 de septiembre de 2022", "2022-09-03T00:00:00Z"),
        ("ter, 07 fev 2023 08:00:00 -0300", "2023-02-07T11:00:00Z"),
        ("9 de março de 2023", "2023-03-09T00:00:00Z"),
        ("Sal, 11 Eki 2022 10:00:00 +0300", "2022-10-11T07:00:00Z"),
        ("Paz, 06 Kasım 2022 10:00:00 +0300", "2022-11-06T07:00:00Z"),
        ("3 Ağustos'ta 2022", ""),
        ("Sişenbe, 09 awgust 2022 10:00:00 +0500", "2022-08-09T05:00:00Z"),
        ("2022-nji ýylyň 2-nji iýuny", "2022-06-02T00:00:00Z"),
        ("14 ýanwar 2022 10:00", "2022-01-14T10:00:00Z"),
        ("27 sentýabr 2022", "2022-09-27T00:00:00Z"),
        ("Joi, 5 mai 2022", "2022-05-05T00:00:00Z"),
        ("śr., 12 paź 2022 12:00:00 +0200", "2022-10-12T10:00:00Z"),
        ("3 września 2022", "2022-09-03T00:00:00Z"),
        ("вт, 11 жовтня 2022 12:00", "2022-10-11T12:00:00Z"),
        ("5 червня 2022 р.", "2022-06-05T00:00:00Z"),
        ("4 липня 2022 року", "2022-07-04T00:00:00Z"),
        ("во вторник, 4 октября 2022 года в 18:05", "2022-10-04T18:05:00Z"),
        ("di 8 mrt 2022", "2022-03-08T00:00:00Z"),
        ("04-Okt-2022 10:00", "2022-10-04T10:00:00Z"),
        ("воск, 02 окт 2022 10:20 GMT", "2022-10-02T10:20:00Z"),
        ("сер, 03 сер 2022 10:20 GMT", "2022-08-03T10:20:00Z"),
        ("penş, 02 iýn 2022", "2022-06-02T00:00:00Z"),
        ("2022-nji ýylyň 9-njy maýy", "2022-05-09T00:00:00Z"),
        ("samedi 2 avril 2022 10 h 20", "2022-04-02T10:20:00Z"),
        ("środa, 2 marca 2022 r., 10:20", "2022-03-02T10:20:00Z"),
        ("1664909700", "2022-10-04T18:55:00Z"),
        ("1664909700000", "2022-10-04T18:55:00Z"),
        ("20221004185500", "2022-10-04T18:55:00Z"),
        ("Thu, 30 Apr 2015 08:57:00 MEST", "2015-04-30T06:57:00Z"),
        ("Mon, 21 Apr 2025 06:00:00 AKDT", "2025-04-21T14:00:00Z"),
        ("21 апреля 2025 06:00 (МСК)", "2025-04-21T03:00:00Z"),
        ("Mon, 21 Apr 2025 06:00:00 +0500 (MSK)", "2025-04-21T01:00:00Z"),
    ] {
        let read = parse(text).map(|moment| moment.to_string()).unwrap_or_default();
        assert_eq!(read, moment, "{text}");
    }
}

fn in_language(text: &str, language: &str) -> String {
    let reading = read(text, DayOrder::of(language.parse().ok()));
    reading.map(|read| read.moment.to_string()).unwrap_or_default()
}

#[test]
fn which_number_is_the_month_the_language_says_whatever_stands_between() {
    for sign in ['/', '-', '.'] {
        for (text, language, moment) in [
            ("05/04/2026", "en-US", "2026-05-04T00:00:00Z"),
            ("05/04/2026 10:00", "fr", "2026-04-05T10:00:00Z"),
            ("05/04/2026", "en-GB", "2026-04-05T00:00:00Z"),
            ("05/04/2026", "en", ""),
            ("5/4/2026 10:00", "en", ""),
            ("Sun, 05/04/2026 10:00:00 +0000", "en", ""),
            ("05/04/2026", "en-CA", ""),
            ("05/04/2026", "ja", ""),
            ("05/04/2026", "of no language", ""),
            ("05/05/2026", "en", "2026-05-05T00:00:00Z"),
            ("25/04/2026", "en", "2026-04-25T00:00:00Z"),
            ("04/25/2026", "fr", "2026-04-25T00:00:00Z"),
            ("25/25/2026", "fr", ""),
            ("05/avr/2026", "fr", "2026-04-05T00:00:00Z"),
            ("05/Apr/2026", "en", "2026-04-05T00:00:00Z"),
            ("2026/04/05", "en", "2026-04-05T00:00:00Z"),
        ] {
            let text = text.replace('/', &sign.to_string());
            assert_eq!(in_language(&text, language), moment, "{text} {language}");
        }
    }
}

#[test]
fn a_year_of_two_digits_is_known_by_the_language_or_by_itself() {
    for (text, language, moment) in [
        ("05.04.26 10:00", "de", "2026-04-05T10:00:00Z"),
        ("05/04/26 10:00", "de", "2026-04-05T10:00:00Z"),
        ("05/04/26", "en-US", "2026-05-04T00:00:00Z"),
        ("05.04.26", "en", ""),
        ("05/04/26", "en", ""),
        ("25/04/26", "en", ""),
        ("05-04-26", "de", ""),
        ("05-04-26", "en-US", ""),
        ("26-04-05", "hu", ""),
        ("05.04.99", "de", "1999-04-05T00:00:00Z"),
        ("05-04-99", "en", ""),
        ("25-04-99", "en", "1999-04-25T00:00:00Z"),
        ("99-04-05", "en", "1999-04-05T00:00:00Z"),
    ] {
        assert_eq!(in_language(text, language), moment, "{text} {language}");
    }
}

#[test]
fn a_month_that_languages_disagree_about_is_the_one_of_the_language() {
    for (text, language, moment) in [
        ("2. listopada 2024. 10:00", "hr", "2024-10-02T10:00:00Z"),
        ("2 listopada 2024, 10:00", "pl", "2024-11-02T10:00:00Z"),
        ("2. listopadu 2024", "cs", "2024-11-02T00:00:00Z"),
        ("14. lip 2024.", "hr", "2024-06-14T00:00:00Z"),
        ("14 lip 2024", "pl", "2024-07-14T00:00:00Z"),
        ("3. srp 2024", "hr", "2024-07-03T00:00:00Z"),
        ("3. srp 2024", "cs", "2024-08-03T00:00:00Z"),
        ("03/lis/2024", "hr", "2024-10-03T00:00:00Z"),
        ("poniedziałek, 23 listopada 2026 r., godz. 18.05", "pl", "2026-11-23T18:05:00Z"),
        ("2 listopada 2024", "en", ""),
        ("14 lip 2024", "of no language", ""),
        ("10:00 3 srp 2024", "of no language", ""),
        ("03/lis/2024", "de", ""),
        ("ponedjeljak, 3. ožujka 2025.", "hr", "2025-03-03T00:00:00Z"),
        ("3. tra 2025.", "hr", "2025-04-03T00:00:00Z"),
        ("3 tra 2025", "it", ""),
        ("3. srpnja 2024", "of no language", "2024-07-03T00:00:00Z"),
        ("3. srpna 2024", "of no language", "2024-08-03T00:00:00Z"),
        ("3 lipca 2024", "of no language", "2024-07-03T00:00:00Z"),
        ("3 sierpnia 2024", "hr", "2024-08-03T00:00:00Z"),
        ("14 лист. 2022, 10:00", "uk", "2022-11-14T10:00:00Z"),
        ("14 верасня 2022", "be", "2022-09-14T00:00:00Z"),
        ("14. новембар 2022", "sr", "2022-11-14T00:00:00Z"),
    ] {
        assert_eq!(in_language(text, language), moment, "{text} {language}");
    }
}

#[test]
fn half_a_day_may_be_two_words() {
    for (text, moment) in [
        ("14 de septiembre de 2022, 10:00 p. m.", "2022-09-14T22:00:00Z"),
        ("14 de septiembre de 2022, 10:00 a. m.", "2022-09-14T10:00:00Z"),
        ("14 de septiembre de 2022, 12:05\u{202f}p.\u{a0}m.", "2022-09-14T12:05:00Z"),
        ("14 sept 2022 10:00 P M", "2022-09-14T22:00:00Z"),
    ] {
        assert_eq!(in_language(text, "es"), moment, "{text}");
    }
}

#[test]
fn the_name_of_a_zone_in_brackets_is_the_zone() {
    for (text, moment) in [
        ("2024-09-03T10:00:00[America/New_York]", "2024-09-03T14:00:00Z"),
        ("2024-01-03 10:00[America/New_York]", "2024-01-03T15:00:00Z"),
        ("2024-09-03T10:00:00-04:00[America/New_York]", "2024-09-03T14:00:00Z"),
        ("2024-09-03T14:00:00Z[America/New_York]", "2024-09-03T14:00:00Z"),
        ("2024-09-03T10:00:00[Mars/Phobos]", ""),
        ("2024-09-03T10:00:00[America/New_York", ""),
    ] {
        assert_eq!(parse(text).map(|moment| moment.to_string()).unwrap_or_default(), moment, "{text}");
    }
}

#[test]
fn years_of_other_calendars_are_none_of_ours() {
    for (text, is_date) in [
        ("1403-06-13 10:00", false),
        ("2567-09-03T10:00:00+07:00", false),
        ("3 September 2567", false),
        ("1599-12-31T23:59:59Z", false),
        ("9999-12-31", false),
        ("1600-01-01T00:00:00Z", true),
        ("14 May 1873", true),
        ("2200-12-31T23:59:59Z", true),
        ("2201-01-01T00:00:00Z", false),
    ] {
        let reading = read(text, DayOrder::default());
        assert_eq!(reading.is_some_and(|reading| reading.may_be_of_publication()), is_date, "{text}");
    }
    // What is shown for good has an end that is far away.
    assert!(parse("9999-12-31").is_some());
}
