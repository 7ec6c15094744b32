//! What the made-up articles are about: the categories they are filed under, and their tags.

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
