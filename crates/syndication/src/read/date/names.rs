//! The names of months and days of the week in the languages newsrooms write: Turkmen, Russian, English, German, French,
//! Spanish, Italian, Portuguese, Turkish, Romanian, Polish, Ukrainian, and some of their neighbours'.
//!
//! Words are compared [`folded`], so that the tables have no accents. A name that ends in `*` stands for all its forms:
//! cases, and whatever endings a language hangs on it. A name that languages have for different months is in [`DOUBTFUL`] alone.

/// A word in small letters and without accents, as the tables have it; without a full stop at its end.
pub(super) fn folded(word: &str) -> String {
    let is_mark = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    // A letter of its own in Cyrillic, not one with a mark.
    let word = word.trim_end_matches(['.', ',']).replace("\u{438}\u{306}", "\u{439}").to_lowercase();
    word.chars().filter(|c| !is_mark(c)).map(plain).collect()
}

const fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ą' | 'ă' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' | 'ə' => 'e',
        'ğ' => 'g',
        'í' | 'ì' | 'î' | 'ï' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ň' | 'ń' => 'n',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
        'ř' => 'r',
        'ş' | 'ș' | 'ś' | 'š' => 's',
        'ţ' | 'ț' => 't',
        'ú' | 'ù' | 'û' | 'ü' | 'ů' => 'u',
        'ý' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        '’' | 'ʼ' => '\'',
        c => c,
    }
}

/// The months, each in all languages.
const MONTHS: [&str; 12] = [
    "jan january januar januari janv janvier jaenner janner jaen enero ene gen genn gennaio janeiro ocak* oca oc \
     ian ianuarie stycz* sty січ січн* січен* янв январ* ян yanwar* yan yanvar* январ қаң қаңтар* студз* led \
     leden ledna януар* јан јануар* сту sijecanj sijecnja",
    "feb february februar februari febr fevr fev fevrier febrero febbraio febb fevereiro subat* sub februarie lut \
     luty lutego лют* фев февр феврал* few fewral* fevral* ақп ақпан* feber unor unora февруар* феб фебруар* veljaca veljace",
    "mar march maerz marz mrz mars marzo mzo marco mart* martie marzec marca mrt maart marts maret берез* бер мар \
     март* нау наурыз* сак сакав* brez* ozujak ozujka",
    "apr april avr avril abr abril aprile nis nisan* aprilie kwi kwiec* kwiet* квіт* кві апр апрел* aprel* сәу \
     сәуір* крас красав* кра dub duben dubna travanj travnja",
    "may mai mayo mag magg maggio maio mayis* maj maja mei maia трав* тра май мая мае маю маем мамыр* мам mayy mayyn \
     mayda kvet kveten kvetna мај маја svibanj svibnja",
    "jun iyn june juni juin junio giu giugno junho haz haziran* iun iunie cze czerwiec czerwca черв* чер июн июн* \
     iyun* maus мау маусым* чэр чэрв* юни јун јуна јуни cerven cervna lipanj lipnja",
    "jul iyl july juli juil juillet julio lug luglio julho tem temmuz* iul iulie lipiec lipca лип липен* липн* \
     июл июл* iyul* шіл шілде* ліп ліпен* юли јул јула јули cervenec cervence \
     srpanj srpnja",
    "aug august aout ago agosto ag agu agustos* augustus augusti agustus sie sierp* сер серп* авг август* awg awgust* \
     avgust* avqust* avg там тамыз* жні жнів* srpen srpna kolovoz kolovoza",
    "sep sept september septembre septiembre setiembre set sett settembre setembro eyl eylul* septembrie wrz \
     wrzesien wrzesnia верес* вер сен сент сентяб* sen sent sentyab* sentab* қыр қыркүйек* верас* zari септ \
     септемв* сеп септемб* rujan rujna",
    "oct october okt oktober octobre octubre ott ottobre out outubro eki ekim* octombrie paz pazdz* жовт* жов окт \
     октяб* oktyab* oktab* қаз қазан* rijen rijna октомв* okto октоб* кас кастрычн*",
    "nov november novembre noviembre novembro kas kasim* noi noiembrie листоп* лист лис ноя нояб ноябр* \
     noy noyab* қар қараша* ліс лістап* ноем* ное новемб* нов studeni \
     studenog studenoga",
    "dec december dez dezember decembre dic diciembre dicembre dezembro ara aralik* decembrie gru grudzien \
     grudnia груд* гру дек декаб* dek dekab* жел желтоқсан* des desember сне снеж* prosinec prosince декемв* дец децемб* \
     prosinac prosinca",
];

/// The days of the week, in all languages; those of Turkmen with the names used for some years.
const DAYS: &str = "mo mon monday tu tue tues tuesday we wed weds wednesday th thu thur thurs thursday fr fri friday sa sat \
    saturday su sun sunday montag di die dienstag mi mit mittwoch do don donnerstag fre freitag sam samstag \
    sonnabend so son sonntag lun lundi mar mardi mer mercredi jeu jeudi ven vendredi samedi dim dimanche lunes \
    martes mie miercoles jue jueves vie viernes sab sabado dom domingo lunedi martedi mercoledi gio giovedi \
    venerdi sabato domenica seg segunda segunda-feira ter terca terca-feira qua quarta quarta-feira qui quinta \
    quinta-feira sex sexta sexta-feira luni marti ma miercuri joi j vineri vi sambata duminica du lu pzt \
    pazartesi sal sali car carsamba per persembe cum cuma cmt cts cumartesi paz pazar pon pn poniedzialek wt wto \
    wtorek sr sro sroda czw cz czwartek pt pia piatek sob sobota nd ndz nie niedz niedziela пн пон понедельник \
    вт втр вторник ср сре среда чт чтв четверг пт птн пятница сб суб суббота вс вск воскресенье понеділок вів \
    вівторок сер середа чет четвер п'ятниця субота нд нед неділя dus dusenbe si sis sisenbe cars carsenbe pen \
    pens pensenbe an ann anna se sen senbe yek yeks yeksenbe basgun yasgun hosgun sogapgun ruhgun dyncgun \
    maandag dinsdag woensdag wo donderdag vrijdag vr zaterdag za zondag zo mandag man tirsdag tir tirs onsdag \
    ons torsdag tor tors fredag lordag lor sondag tisdag tis pondeli po utery ut streda st ctvrtek ct patek pa \
    nedele ne дүйсенбі дс сейсенбі сс сәрсенбі бейсенбі бс жұма жм сенбі жексенбі жс dushanba seshanba \
    chorshanba payshanba juma shanba yakshanba ponedjeljak ponedeljak uto utorak sri srijeda sreda cet cetvrtak pet \
    petak ned nedjelja nedelja";

/// Names of one month in Croatian, and of the one behind it in Polish or Czech.
const DOUBTFUL: [(&str, i8); 4] = [("lip", 6), ("srp", 7), ("lis", 10), ("listopad*", 10)];

/// What Croatian alone has for months, in short; elsewhere these are other words.
const CROATIAN: [(&str, i8); 9] =
    [("sij", 1), ("velj", 2), ("ozu", 3), ("tra", 4), ("svi", 5), ("kol", 8), ("ruj", 9), ("stu", 11), ("pro", 12)];

/// By which of the languages that disagree months are named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Months {
    Croatian,
    /// Polish, Czech, Slovak.
    Western,
    /// Neither is known: what they disagree about names no month.
    #[default]
    Unknown,
}

impl Months {
    pub(super) fn of(language: &str) -> Self {
        match language {
            "hr" => Self::Croatian,
            "pl" | "cs" | "sk" | "szl" => Self::Western,
            _ => Self::Unknown,
        }
    }
}

/// The month a folded word names.
pub(super) fn month(word: &str, months: Months) -> Option<i8> {
    let named = |table: &[(&str, i8)]| table.iter().find(|(form, _)| is_form(word, form)).map(|(_, month)| *month);
    if let Some(croatian) = named(&DOUBTFUL) {
        return match months {
            Months::Croatian => Some(croatian),
            Months::Western => Some(croatian + 1),
            Months::Unknown => None,
        };
    }
    let index = || MONTHS.iter().position(|forms| forms.split(' ').any(|form| is_form(word, form)));
    let short = if months == Months::Croatian { named(&CROATIAN) } else { None };
    short.or_else(|| i8::try_from(index()? + 1).ok())
}

/// Whether a folded word names a day of the week, or begins a longer name of one and no other word.
pub(super) fn is_day(word: &str) -> bool {
    let is_short = word.chars().count() >= 3 && month(word, Months::Croatian).is_none();
    DAYS.split(' ').any(|day| day == word || (is_short && day.starts_with(word)))
}

/// Endings are short; what goes on is another word (`martedi`, `listopadowy`).
const LONGEST_ENDING: usize = 7;

fn is_form(word: &str, form: &str) -> bool {
    match form.strip_suffix('*') {
        None => word == form,
        Some(stem) => word.strip_prefix(stem).is_some_and(|ending| {
            ending.chars().count() <= LONGEST_ENDING
                && ending.chars().all(char::is_alphabetic)
                && DAYS.split(' ').all(|day| day != word)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_is_of_two_months() {
        for (index, forms) in MONTHS.iter().enumerate() {
            for form in forms.split(' ') {
                let word = form.trim_end_matches('*');
                let months: Vec<usize> = MONTHS
                    .iter()
                    .enumerate()
                    .filter(|(_, others)| others.split(' ').any(|other| is_form(word, other)))
                    .map(|(month, _)| month)
                    .collect();
                assert!(months.is_empty() || months == [index], "{form}: {months:?}");
                assert_eq!(folded(form), form);
            }
        }
        assert!(DAYS.split(' ').all(|day| folded(day) == day));
        for (form, _) in DOUBTFUL {
            assert_eq!(month(form.trim_end_matches('*'), Months::Unknown), None, "{form}");
            assert!(MONTHS.iter().all(|forms| forms.split(' ').all(|other| other != form)), "{form}");
        }
    }
}
