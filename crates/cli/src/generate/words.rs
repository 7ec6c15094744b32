//! Who and where the made-up articles are about, and the patterns of their sentences. Nothing of it is about anybody.

pub(super) const FIRST_NAMES: &[&str] =
    &["Anna", "Boris", "Clara", "Daniel", "Elena", "Felix", "Gulshat", "Hanna", "Ivan", "Jemal"];

pub(super) const LAST_NAMES: &[&str] = &[
    "Amanow", "Berger", "Castell", "Durdyew", "Eriksen", "Fontane", "Garayew", "Hollis", "Ilmaz", "Jarosch", "Kemper",
    "Lindow", "Meredow",
];

pub(super) const PLACES: &[&str] = &[
    "Norden",
    "Altwater",
    "Karagum",
    "Saltmarsh",
    "Eastgate",
    "Bellweir",
    "Three Wells",
    "Old Harbour",
    "Stonebridge",
    "Whitefield",
    "Duskvale",
    "Long Ferry",
    "Redcliff",
    "Silverlake",
    "Greenmoor",
    "Farview",
    "Poplar Hill",
    "Millstream",
    "Sandgate",
    "Windmere",
];

pub(super) const BODIES: &[&str] = &[
    "the ministry",
    "the council",
    "the regional office",
    "the committee",
    "the national agency",
    "the university",
    "the association",
    "the city",
    "the commission",
    "the inspectorate",
    "the chamber",
    "the institute",
    "the working group",
    "the district",
];

pub(super) const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WEEKDAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub(super) const TITLES: &[&str] = &[
    "{body} decides on {thing}",
    "New figures on {thing} from {place}",
    "{place} opens its doors for {thing}",
    "What {many} answers say about {thing}",
    "{thing}: what changes in {month}",
    "{body} and {body} agree on {thing}",
    "A year of {thing} in {place}",
    "{place} asks {body} for a second look at {thing}",
    "How {place} prepares for {thing}",
    "{many} guests from {place} discuss {thing}",
    "{thing} comes to {place} in {month}",
    "Behind the plans for {thing}",
    "{body} publishes its report on {thing}",
    "First steps of {thing} in {place} and {place}",
    "{weekday} in {place}: a day with {thing}",
    "{thing} returns after {few} years",
];

pub(super) const SUMMARIES: &[&str] = &[
    "{body} expects results by {month}; {place} is the first to try it.",
    "After {few} meetings, {body} and {body} have found common ground.",
    "The numbers from {place} are better than expected, but {body} warns against haste.",
    "In {place}, {many} people have taken part since {month}.",
    "A visit to {place}, where {thing} has been the talk of the town since {year}.",
    "{body} answers the questions that readers from {place} sent in.",
];

pub(super) const SENTENCES: &[&str] = &[
    "{body} presented its plans for {thing} on {weekday}.",
    "In {place}, {many} households have already taken part.",
    "The work began in {month} and should take {few} years.",
    "*Nothing was decided in haste*, said a member of {body}.",
    "The cost is put at {many} thousand, {few} per cent less than in {year}.",
    "People in {place} had waited for this since {year}.",
    "{body} will publish the full figures in {month}.",
    "Of {many} proposals, {few} were kept.",
    "Not everybody agrees: {body} would have preferred to wait.",
    "Those who want to know more can write to {body} until the end of {month}.",
    "A first review is due in {year}, together with {thing}.",
    "For {place} it means **{few} new posts** and a longer opening time.",
    "The road from {place} to {place} will stay open meanwhile.",
    "{many} visitors came on {weekday} alone.",
    "What was learned in {place} shall now be used elsewhere.",
    "The agreement covers {thing} and, from {month}, {thing}.",
    "Earlier reports are kept in [the archive](https://example.org/archive/{year}).",
    "{body} thanked the {many} volunteers from {place}.",
    "Some details are still open, above all {thing}.",
    "On {weekday} the last of {few} stages was completed.",
    "Experts from {place} had advised {body} since {month}.",
    "It is the first project of its kind since {year}.",
];
