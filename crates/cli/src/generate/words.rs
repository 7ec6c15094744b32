//! What the made-up articles are made of. Nothing of it is about anybody.

/// What a category is about.
#[derive(Debug)]
pub(super) struct Topic {
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) kicker: &'static str,
    /// Things to write about; each fits behind "on".
    pub(super) things: &'static [&'static str],
}

const fn topic(
    title: &'static str,
    kicker: &'static str,
    description: &'static str,
    things: &'static [&'static str],
) -> Topic {
    Topic { title, description, kicker, things }
}

/// The categories at the top, each with those below it.
pub(super) const CATEGORIES: &[(Topic, &[Topic])] = &[
    (
        topic(
            "Politics",
            "Politics",
            "Who decides, and how.",
            &[
                "the reform of the ministries",
                "open sessions",
                "the code of conduct",
                "the calendar of reforms",
                "the public register",
            ],
        ),
        &[
            topic(
                "Parliament",
                "In session",
                "Bills, votes and committees.",
                &[
                    "the second reading",
                    "the committee on rules",
                    "the budget hearing",
                    "the electoral law",
                    "the report of the auditors",
                ],
            ),
            topic(
                "Government",
                "Cabinet",
                "What the ministries do.",
                &[
                    "one-stop counters",
                    "the digital archive",
                    "appointments by competition",
                    "the service charter",
                    "the emergency reserve",
                ],
            ),
            topic(
                "Foreign policy",
                "Abroad",
                "Talks, visits and treaties.",
                &[
                    "the visa agreement",
                    "the border commission",
                    "the consular network",
                    "the transit treaty",
                    "the water convention",
                ],
            ),
        ],
    ),
    (
        topic(
            "Economy",
            "Economy",
            "Work, money and markets.",
            &[
                "the growth forecast",
                "small enterprises",
                "the investment law",
                "prices in autumn",
                "the commodity exchange",
            ],
        ),
        &[
            topic(
                "Energy",
                "Energy",
                "Power and where it comes from.",
                &[
                    "the solar park",
                    "the winter tariff",
                    "the new power line",
                    "gas deliveries",
                    "the wind measurements",
                ],
            ),
            topic(
                "Finance",
                "Finance",
                "Budgets, banks and taxes.",
                &["the tax return", "savings accounts", "the key rate", "the treasury bonds", "the deposit insurance"],
            ),
            topic(
                "Trade",
                "Trade",
                "What comes and goes.",
                &[
                    "the customs forms",
                    "the cotton harvest",
                    "the spring fair",
                    "the freight corridor",
                    "the dried fruit exports",
                ],
            ),
        ],
    ),
    (
        topic(
            "Society",
            "Society",
            "How people live.",
            &["the census", "village libraries", "the volunteer corps", "the helpline", "the housing queue"],
        ),
        &[
            topic(
                "Education",
                "School",
                "Schools and universities.",
                &[
                    "the school year",
                    "laboratory sets",
                    "teachers in villages",
                    "the entrance examination",
                    "the reading hour",
                ],
            ),
            topic(
                "Health",
                "Health",
                "Clinics and prevention.",
                &[
                    "the vaccination week",
                    "the mobile clinic",
                    "blood donors",
                    "the children's ward",
                    "the nurses' training",
                ],
            ),
            topic(
                "Labour",
                "At work",
                "Jobs, pay and pensions.",
                &[
                    "the pension account",
                    "outdoor work in summer",
                    "the employment fair",
                    "the minimum wage",
                    "the apprenticeship year",
                ],
            ),
        ],
    ),
    (
        topic(
            "Culture",
            "Culture",
            "What is made and played.",
            &[
                "the national museum",
                "the festival of songs",
                "the cultural calendar",
                "the translators' prize",
                "the film archive",
            ],
        ),
        &[
            topic(
                "Heritage",
                "Heritage",
                "What is kept.",
                &["the caravanserai", "the excavation", "the carpet weavers", "the old mill", "the manuscript room"],
            ),
            topic(
                "Music and theatre",
                "On stage",
                "What is on.",
                &[
                    "the puppet theatre",
                    "the chamber orchestra",
                    "the summer stage",
                    "the music school",
                    "the new production",
                ],
            ),
            topic(
                "Books",
                "Reading",
                "What is read.",
                &[
                    "the poetry evening",
                    "the dictionary",
                    "the reading prize",
                    "the children's library",
                    "the printing house",
                ],
            ),
        ],
    ),
    (
        topic(
            "Environment",
            "Environment",
            "Land, water and air.",
            &["the saxaul belt", "the clean air plan", "the nature reserve", "the saplings", "the recycling yard"],
        ),
        &[
            topic(
                "Water",
                "Water",
                "Rivers, canals and wells.",
                &[
                    "the canal lining",
                    "the water permits",
                    "the desalination plant",
                    "the spring flood",
                    "the village wells",
                ],
            ),
            topic(
                "Climate",
                "Climate",
                "Heat, drought and forecasts.",
                &[
                    "the drought data",
                    "dust storm warnings",
                    "the heat plan",
                    "the emissions report",
                    "the snow survey",
                ],
            ),
        ],
    ),
    (
        topic(
            "Sport",
            "Sport",
            "Results and portraits.",
            &["the cup final", "the wrestling team", "the half marathon", "the youth league", "the horse races"],
        ),
        &[topic(
            "Football",
            "Football",
            "The league and the cup.",
            &["the season's opening", "the derby", "the new coach", "the stadium", "the qualifying round"],
        )],
    ),
];

pub(super) const TAGS: &[&str] = &[
    "Reform",
    "Budget",
    "Elections",
    "Treaties",
    "Border",
    "Visas",
    "Digital services",
    "Statistics",
    "Audit",
    "Transparency",
    "Gas",
    "Solar power",
    "Wind power",
    "Electricity",
    "Tariffs",
    "Banking",
    "Taxes",
    "Insurance",
    "Exports",
    "Customs",
    "Railways",
    "Roads",
    "Aviation",
    "Harbours",
    "Harvest",
    "Cotton",
    "Livestock",
    "Fisheries",
    "Housing",
    "Villages",
    "Cities",
    "Schools",
    "Universities",
    "Science",
    "Languages",
    "Hospitals",
    "Vaccination",
    "Nutrition",
    "Pensions",
    "Wages",
    "Employment",
    "Safety",
    "Museums",
    "Archaeology",
    "Carpets",
    "Festivals",
    "Theatre",
    "Music",
    "Poetry",
    "Film",
    "Forestry",
    "Drought",
    "Rivers",
    "Wildlife",
    "Recycling",
    "Athletics",
    "Wrestling",
    "Horses",
    "Chess",
    "Youth",
];

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
